import { expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/runtime/remote-files/public-address.js';

it.each(['8.8.8.8', '93.184.216.34', '172.15.0.1', '172.32.0.1', '100.63.0.1', '192.0.1.1', '223.255.255.255'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

it.each(['2606:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each([
  ['this network', '0.0.0.0', '0.1.2.3'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['link-local', '169.254.169.254', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
  ['carrier', '100.64.0.1', '100.127.255.255'],
  ['protocol assignments', '192.0.0.1', '192.0.0.170', '2001:1::1'],
  ['benchmarking', '198.18.0.1', '198.19.255.255', '2001:2::1'],
  ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1'],
  ['reserved', '240.0.0.1', '255.255.255.255'],
  ['6to4 relays', '192.88.99.1'],
  ['unspecified', '::'],
  ['site-local', 'fec0::1', 'feff::1'],
  ['unique local', 'fc00::1', 'fd12:3456::1'],
  ['mapped IPv4', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:8.8.8.8'],
  ['compatible IPv4', '::127.0.0.1', '::10.0.0.1'],
  ['translated IPv4', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::a00:1'],
  ['6to4', '2002:7f00:1::', '2002:a00:1::1'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:80ff:fffe'],
  ['ISATAP', '2a00::5efe:7f00:1', '2a00::200:5efe:a00:1'],
  ['outside 2000::/3', '100::1', '4000::1', '5f00::1', '8000::1'],
  ['no IP address', '', 'localhost', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '[::1]', '8.8.8.8:80'],
] as const)('an address of this range is not public: %s', (...[, ...addresses]) => {
  for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
});
