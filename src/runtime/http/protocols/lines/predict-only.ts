/** Fields that change the form of an answer, which every other protocol has a form of its own for. */
export const predictOnlyFields: readonly string[] = ['format', 'paragraphs', 'page_pictures'];

export const predictOnlyProblem = 'only /predict/<module> has this field';
