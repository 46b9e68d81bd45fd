import { contentPdfs } from './content.js';
import { encryptionPdfs } from './encryption.js';
import { fontPdfs } from './fonts.js';
import { formPdfs } from './forms.js';
import type { HostilePdf } from './hostile-pdf.js';
import { pageSizePdfs } from './page-sizes.js';
import { patternPdfs } from './patterns.js';
import { picturePdfs } from './pictures.js';
import { structurePdfs } from './structure.js';

/** All of them. `make` of some needs a gigabyte. */
export const hostilePdfs: readonly HostilePdf[] = [
  ...structurePdfs,
  ...pageSizePdfs,
  ...contentPdfs,
  ...patternPdfs,
  ...picturePdfs,
  ...fontPdfs,
  ...formPdfs,
  ...encryptionPdfs,
];
