// The inner loops of word vectors and text classifiers, for three instruction sets. No knowledge of files or words, no
// allocation. Rows are `width` floats, a multiple of 16 that is filled with zeros, on 64-byte boundaries.
//
// Several threads may train one model at once without locks (Recht, Re, Wright, Niu 2011, "Hogwild"): each has a worker
// of its own, and an update that another overwrites is lost.
#pragma once
#include <stdint.h>

/// Outputs of one step: the one that is right, and five that are drawn.
#define ASSAY_OUTPUTS 6
#define ASSAY_MAX_WINDOW 100
#define ASSAY_MAX_NEGATIVES 100
/// Words of a line that are trained together; a longer line is cut.
#define ASSAY_MAX_LINE 1000

/// Outputs and words of a classifier, half each, that a thread keeps copies of for some examples: rows that nearly every
/// example writes would go to and fro between processors.
#define ASSAY_COPIES 32
#define ASSAY_COPIED_EXAMPLES 8

enum assay_text_mode { ASSAY_BATCH_SKIPGRAM, ASSAY_SKIPGRAM, ASSAY_CBOW };
enum assay_text_loss { ASSAY_SOFTMAX, ASSAY_HIERARCHICAL, ASSAY_NEGATIVE, ASSAY_ONE_VS_ALL };

/// What is trained, and what it is trained with.
typedef struct {
  float *inputs;          // [rows][width]
  float *outputs;         // [words or labels][width]
  int32_t width;
  int32_t vocabulary;     // outputs to draw from
  const uint32_t *keep;   // a word stays where a draw of 32 bits is at most this
  const uint64_t *alias;  // for each output: the share that is itself of 2^32, and above it the other one
  int32_t window, negatives;
  int32_t batch;          // inputs that share their negatives
  const int64_t *starts;  // [words + 1] into parts; null where the row of a word is its own number
  const int32_t *parts;   // rows that a word is the mean of
} assay_text_model;

/// What one thread works with.
typedef struct {
  uint64_t random;        // never 0
  float *scratch;         // assay_text_scratch(width) floats
  float *copies;          // 2 x ASSAY_COPIES rows; null where one thread works alone
  double loss;            // of the steps that were looked at
  int64_t losses;
  int64_t steps;
} assay_text_worker;

/// Examples of a classifier. The labels of a path are those of a Huffman tree: nodes, and 1 where the path goes right.
typedef struct {
  const int64_t *starts;        // [examples + 1] into features
  const int32_t *features;      // rows
  const int32_t *sizes;         // [examples] features of which the mean is taken
  int32_t words;                // rows of words, the most frequent first
  const float *lone;            // [examples] how much the last row, a sum of several features, moves; 0 without one
  const int64_t *label_starts;  // [examples + 1] into labels
  const int32_t *labels;
  const int32_t *order;         // which example comes when
  const int64_t *path_starts;   // [labels + 1] into path
  const int32_t *path;
  const float *codes;
} assay_text_examples;

/// 2 for AVX-512, 1 for AVX2 with FMA, 0 for any processor.
int assay_text_level(void);

/// Floats of scratch.
int assay_text_scratch(int width);

/// Trains on lines of word numbers until at least `wanted` are used up, or all `count`. Below 0 stands the end of a line.
/// Returns how many were used.
int64_t assay_train_lines(
    int level, enum assay_text_mode mode, const assay_text_model *model, assay_text_worker *worker, const int32_t *ids,
    int64_t count, int64_t wanted, float rate);

/// Trains a classifier on examples first ..< last of the order.
void assay_train_examples(
    int level, enum assay_text_loss loss, const assay_text_model *model, assay_text_worker *worker,
    const assay_text_examples *examples, int64_t first, int64_t last, float rate);

/// The mean of rows.
void assay_mean(int level, const float *rows, int width, const int32_t *numbers, int64_t count, float *mean);

/// The product of each of `count` rows with a vector.
void assay_dots(int level, const float *rows, int width, int64_t count, const float *vector, float *products);

/// Takes blocks of 64 bytes into a sum; lanes begin as zeros.
void assay_sum(uint64_t lanes[8], const void *bytes, int64_t blocks);

/// The sum of all that was taken in.
uint64_t assay_sum_end(const uint64_t lanes[8]);

/// 128 bits that tell one text from another.
void assay_mark(const void *bytes, int64_t size, uint64_t mark[2]);

/// One step of GloVe for each of `count` pairs: AdaGrad on words' vectors, with the bias of a word in column `dimensions`
/// and 1 in the column after it, the other way round in contexts. Returns the sum of weighted squares.
double assay_train_pairs(
    int level, float *words, float *contexts, float *word_squares, float *context_squares, int width, int dimensions,
    const int32_t *pairs, const float *logs, const float *weights, int64_t count, float rate);

/// Floats that packed weights take, and what they are packed from: [outputs][inputs], or [inputs][outputs] transposed.
/// The packing belongs to the level.
int64_t assay_packed_size(int level, int inputs, int outputs);
void assay_pack(int level, const float *weights, int inputs, int outputs, int is_transposed, float *packed);

/// y [rows][outputs] = x [rows][inputs] times the weights, plus a bias, which may be null.
void assay_dense(
    int level, const float *x, int rows, int inputs, const float *packed, const float *bias, int outputs, float *y);

/// Layer normalisation of each row.
void assay_normalize(
    int level, float *x, int rows, int columns, const float *scale, const float *shift, float epsilon);

/// Gaussian error linear units, by erf or by the approximation with tanh.
void assay_gelu(int level, float *x, int64_t count, int by_tanh);

/// Scaled dot-product attention within one text: qkv [tokens][3 x width], y [tokens][width]. Scratch is 64-byte aligned
/// and holds (width / heads + 1) x (tokens + 16) floats.
void assay_attend(
    int level, const float *qkv, int tokens, int width, int heads, int is_causal, float *scratch, float *y);
