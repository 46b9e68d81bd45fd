import { OcrHubError } from '../../errors/error.js';
import type { Image } from '../../image/image.js';
import { Scratch } from '../../inference/scratch.js';
import { openSession, type Session } from '../../inference/session.js';
import { resolveModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import { parseShape } from '../image-shape.js';
import { columns } from '../recognize/long-line.js';
import { batchesByAspect, writeLines } from '../recognize/line-tensor.js';
import { requireLines, requireShapes } from '../network-shapes.js';
import { resolveCreateOptions, type CreateOptions } from '../create-options.js';
import { deviceOf } from '../shared-params.js';
import { classifierParams, type ClassifierParams } from './params.js';
import { measure } from '../../trace/stage-times.js';

export type Angle = '0' | '180';

export interface LineAngle {
  readonly angle: Angle;
  /** Probability of that angle, also when it is low. */
  readonly confidence: number;
}

/** Tells whether text lines are upside down. Answers one angle per line, in the order of the lines. */
export interface LineClassifier {
  classify(lines: readonly Image[]): Promise<readonly LineAngle[]>;
}

/** Any of the classifier's parameters; those left out get their defaults. */
export type ClassifierOptions = CreateOptions<typeof classifierParams>;

/**
 * Tells whether text lines are upside down: TextClassifier of PaddleOCR (tools/infer/predict_cls.py).
 *
 * @example
 * const classifier = await Classifier.create();
 * const [{ angle, confidence }] = await classifier.classify([cropLine(image, box)]);
 */
export class Classifier implements LineClassifier {
  readonly #session: Session;
  readonly #params: ClassifierParams;
  readonly #scratch = new Scratch();
  #disposed = false;

  private constructor(session: Session, params: ClassifierParams) {
    this.#session = session;
    this.#params = params;
  }

  /**
   * Checks and loads the model.
   *
   * @throws OcrHubError `key_unknown`, `value_invalid`, `model_unknown`, `model_missing`, `model_corrupt`,
   *   `model_mismatch`, `gpu_unavailable`
   */
  static async create(options: ClassifierOptions = {}): Promise<Classifier> {
    const { params, engine } = resolveCreateOptions(classifierParams, options, 'Classifier.create');
    const model = resolveModel('cls', params.cls_model_dir, engine.home);
    await verifyModel(model);
    const session = await openSession(model.file, { device: deviceOf(params), threads: engine.threads });
    try {
      requireFit(session, params);
    } catch (error) {
      await session.close();
      throw error;
    }
    return new Classifier(session, params);
  }

  /**
   * Answers one angle per line, in the order of the lines.
   *
   * @throws OcrHubError `model_mismatch` when the network does not answer two probabilities per line
   */
  classify(lines: readonly Image[]): Promise<LineAngle[]> {
    return measure('classify', async () => {
      const answers = new Array<LineAngle>(lines.length);
      const parts = lines.map((line) => (this.#params.cls_first_part ? this.#firstPart(line) : line));
      for (const batch of batchesByAspect(parts, this.#params.cls_batch_num)) {
        const probabilities = await this.#run(batch.flatMap((i) => parts[i] ?? []));
        batch.forEach((line, i) => (answers[line] = this.#winner(probabilities.subarray(2 * i, 2 * i + 2))));
      }
      return answers;
    });
  }

  /** Gives the network's memory back, unless another classifier uses it. The classifier cannot be used any more. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#session.close();
  }

  /** The left part of a line that is not squeezed when it is resized. */
  #firstPart(line: Image): Image {
    const { height, width } = parseShape(this.#params.cls_image_shape);
    const fitting = Math.ceil((line.height * width) / height);
    return fitting < line.width ? columns(line, 0, fitting) : line;
  }

  #run(lines: readonly Image[]): Promise<Float32Array> {
    const { height, width } = parseShape(this.#params.cls_image_shape);
    return this.#scratch.lend(lines.length * 3 * height * width, async (data) => {
      writeLines(lines, { height, width }, data);
      const [probabilities] = await this.#session.run(data, [lines.length, 3, height, width]);
      if (probabilities?.data.length === lines.length * 2) return probabilities.data;
      const answered = probabilities?.dims.join(' x ') ?? 'nothing';
      const problem = `it answers ${answered} to ${lines.length} lines; a line classifier answers ${lines.length} x 2`;
      throw new OcrHubError('model_mismatch', { path: this.#session.file, problem });
    });
  }

  #winner([first = 0, second = 0]: Float32Array): LineAngle {
    const [firstLabel = '0', secondLabel = '180'] = this.#params.label_list;
    return second > first ? { angle: secondLabel, confidence: second } : { angle: firstLabel, confidence: first };
  }
}

/** Throws `model_mismatch` unless the network takes lines as the parameters describe them and has a class per label. */
function requireFit(session: Session, params: ClassifierParams): void {
  requireShapes(session, { forms: [[[undefined, undefined]]], kind: 'a line classifier' });
  requireLines(session, {
    batch: { name: 'cls_batch_num', value: params.cls_batch_num },
    shape: { name: 'cls_image_shape', value: parseShape(params.cls_image_shape) },
  });
  const classes = session.outputs[0]?.dims[1];
  if (classes !== undefined && classes !== params.label_list.length) {
    const problem = `it has ${classes} classes, and label_list ${params.label_list.length}`;
    throw new OcrHubError('model_mismatch', { path: session.file, problem });
  }
}
