#include "report/scored_hash.h"

#include "core/file.h"
#include "core/hash.h"
#include "report/scores.h"

namespace fer {

std::optional<HashDifference> changed_predictions(
    const std::filesystem::path& run_dir, const Json& metrics,
    const std::string& split) {
  if (!metrics.is_object() || !metrics.contains(split)) return std::nullopt;
  const std::string scored = text(metrics[split], "predictions_sha256");
  if (scored.empty()) return std::nullopt;
  std::string found =
      sha256(read_file(run_dir / ("predictions-" + split + ".csv")));
  if (found == scored) return std::nullopt;
  return HashDifference{scored, std::move(found)};
}

}  // namespace fer
