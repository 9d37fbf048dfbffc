#include "eval/predictor.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/error.h"
#include "train/batches.h"
#include "train/loss.h"
#include "train/step_engine.h"

namespace fer {
namespace {

int64_t decide(const double* row, int64_t classes, double threshold) {
  if (classes == 2) return row[1] >= threshold ? 1 : 0;
  return std::max_element(row, row + classes) - row;
}

}  // namespace

Predictions predict(Model& model, const ImageSet& images,
                    const std::vector<int64_t>& rows, const Config& config,
                    const torch::Device& device) {
  const Batches batches(images, rows, config.evaluate.batch_size, device);
  Predictions result;
  result.class_names = images.class_names;
  result.labels = batches.labels();
  const auto classes = static_cast<int64_t>(images.class_names.size());
  for (int64_t i = 0; i < batches.count(); ++i) {
    const torch::Tensor logits =
        predict_logits(model, batches.get(i).images, config.train, device);
    const torch::Tensor p = probabilities(logits).to(torch::kCPU).contiguous();
    if (!p.isfinite().all().item<bool>()) {
      fail<DataError>(
          "[predict] expected finite probabilities; got NaN in batch {}. The "
          "weights "
          "are damaged or training diverged: lower optimizer.learning_rate.",
          i);
    }
    const double* values = p.data_ptr<double>();
    result.probabilities.insert(result.probabilities.end(), values,
                                values + p.numel());
    for (int64_t k = 0; k < p.size(0); ++k) {
      result.predicted.push_back(
          decide(values + k * classes, classes, config.evaluate.threshold));
    }
  }
  for (const int64_t row : rows) {
    result.ids.push_back(images.ids[static_cast<size_t>(row)]);
  }
  return result;
}

}  // namespace fer
