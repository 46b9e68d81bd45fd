export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** An output as the model file declares it. `dims` has `undefined` for a dynamic dimension and is empty if unknown. */
export interface Output {
  readonly dims: readonly (number | undefined)[];
  /** Whether the network answers integers; `run` answers them as floats. */
  readonly isInteger: boolean;
}

/** A loaded network with one float32 input. A backend makes it from a file. */
export interface Network {
  /** The input's dimensions; undefined for a dynamic one. */
  readonly inputDims: readonly (number | undefined)[];
  readonly outputs: readonly Output[];
  /** The values of all outputs, in the order of `outputs`. */
  run(data: Float32Array, dims: readonly number[]): Promise<readonly Tensor[]>;
  /** Gives the network's memory back; it cannot run any more. */
  release(): Promise<void>;
}
