/** What the pictures of each format cost: the answer to "which make the lane slow?". */
export class Costs {
  readonly #rows = new Map<string, Row>();

  /** @param what the format, and how it was sent */
  add(what: string, cpuSeconds: number, megabytes: number): void {
    const row = this.#rows.get(what) ?? { pictures: 0, cpuSeconds: 0, mostCpuSeconds: 0, mostMegabytes: 0 };
    this.#rows.set(what, {
      pictures: row.pictures + 1,
      cpuSeconds: row.cpuSeconds + cpuSeconds,
      mostCpuSeconds: Math.max(row.mostCpuSeconds, cpuSeconds),
      mostMegabytes: Math.max(row.mostMegabytes, megabytes),
    });
  }

  toString(): string {
    return [...this.#rows]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, { pictures, cpuSeconds, mostCpuSeconds, mostMegabytes }]) => {
        const most = `at most ${mostCpuSeconds.toFixed(2)} s and ${mostMegabytes.toFixed(0)} MB`;
        return `${what}: ${pictures}, ${cpuSeconds.toFixed(1)} CPU seconds, ${most}`;
      })
      .join('\n');
  }
}

interface Row {
  readonly pictures: number;
  readonly cpuSeconds: number;
  readonly mostCpuSeconds: number;
  readonly mostMegabytes: number;
}
