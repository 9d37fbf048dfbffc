#include "data/split_report.h"

#include "core/error.h"
#include "data/sklearn_split.h"
#include "data/split_rows.h"

namespace fer {
namespace {

void check_report(const ImageSet& images, const SplitConfig& config) {
  if (images.class_names.size() != 2) {
    fail<DataError>(
        "[split] expected two classes for protocol report; got {}. Name two "
        "in data.classes.",
        images.class_names.size());
  }
  if (config.drop_duplicates) {
    fail<DataError>(
        "[split] expected split.drop_duplicates: false for protocol report, "
        "which keeps every copy; got true. Use protocol random.");
  }
  if (!config.keep.empty()) {
    fail<DataError>(
        "[split] expected no split.keep for protocol report, which uses every "
        "image; got '{}'. Use protocol clean.",
        config.keep.string());
  }
}

}  // namespace

Split report_split(const ImageSet& images, const SplitConfig& config) {
  check_report(images, config);
  const auto classes = rows_by_class(images, count_rows(images.size()));
  if (classes[0].empty() || classes[1].empty()) {
    fail<DataError>("[split] expected images of both classes; got none of {}.",
                    images.class_names[classes[0].empty() ? 0 : 1]);
  }
  const size_t small = classes[0].size() < classes[1].size() ? 0 : 1;
  const Rows& large = classes[1 - small];
  const auto seed = static_cast<uint32_t>(config.seed);
  Rows rows = pick(classes[small],
                   resample(classes[small].size(), large.size(), true, seed));
  rows.insert(rows.end(), large.begin(), large.end());

  const TrainTest outer =
      train_test_split(rows.size(), {}, {.share = config.test}, seed);
  const TrainTest inner = train_test_split(outer.train.size(), {},
                                           {.share = config.validation}, seed);
  return {pick(rows, pick(outer.train, inner.train)),
          pick(rows, pick(outer.train, inner.test)), pick(rows, outer.test)};
}

}  // namespace fer
