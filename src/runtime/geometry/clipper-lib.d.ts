/** The part of clipper-lib 6.4.2 that is used; the package brings no types. */
declare module 'clipper-lib' {
  export interface IntPoint {
    X: number;
    Y: number;
  }

  const ClipperLib: {
    readonly ClipperOffset: new (
      miterLimit?: number,
      arcTolerance?: number,
    ) => {
      AddPath(path: IntPoint[], joinType: number, endType: number): void;
      Execute(solution: IntPoint[][], delta: number): void;
    };
    readonly JoinType: { readonly jtRound: number };
    readonly EndType: { readonly etClosedPolygon: number };
  };
  export default ClipperLib;
}
