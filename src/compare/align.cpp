#include "compare/align.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "stats/pairing.h"

namespace fer {

Predictions reorder_classes(const Predictions& predictions,
                            const std::vector<std::string>& class_names,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& reference_folder) {
  const auto& names = predictions.class_names;
  if (names == class_names) return predictions;
  if (!std::is_permutation(names.begin(), names.end(), class_names.begin(),
                           class_names.end())) {
    fail<DataError>(
        "[compare] expected the same classes in all runs; got {} ({}) and {} "
        "({}). Compare runs of the same classes.",
        join(class_names, ", "), reference_folder.string(), join(names, ", "),
        folder.string());
  }
  const size_t k = names.size();
  std::vector<size_t> place(k);  // of an old class among the new ones
  for (size_t i = 0; i < k; ++i)
    place[i] = static_cast<size_t>(
        std::find(class_names.begin(), class_names.end(), names[i]) -
        class_names.begin());
  Predictions moved = predictions;
  moved.class_names = class_names;
  for (auto* column : {&moved.labels, &moved.predicted})
    for (int64_t& label : *column)
      label = static_cast<int64_t>(place[static_cast<size_t>(label)]);
  for (size_t row = 0; row < predictions.size(); ++row)
    for (size_t i = 0; i < k; ++i)
      moved.probabilities[row * k + place[i]] = predictions.probability(row, i);
  return moved;
}

Predictions align(const Predictions& predictions, const Predictions& reference,
                  const std::filesystem::path& folder,
                  const std::filesystem::path& reference_folder) {
  const Predictions moved = reorder_classes(predictions, reference.class_names,
                                            folder, reference_folder);
  try {
    return select_rows(moved, pair_rows(reference, moved).b);
  } catch (const DataError& error) {
    fail<DataError>("{} (first: {}, second: {})", error.what(),
                    reference_folder.string(), folder.string());
  }
}

}  // namespace fer
