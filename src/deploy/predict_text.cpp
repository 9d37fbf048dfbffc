#include "deploy/predict_text.h"

#include <fmt/core.h>

#include <array>
#include <vector>

#include "core/text.h"

namespace fer {
namespace {

using Kind = Outcome::Kind;
using Rows = std::vector<std::vector<std::string>>;

std::string name_of(const Prediction& prediction) {
  if (!prediction.frame) return prediction.file;
  return fmt::format("{} frame {}", prediction.file, *prediction.frame);
}

void add_rows(const Prediction& prediction, const OnnxContract& contract,
              Rows& rows) {
  const Outcome& outcome = prediction.outcome;
  const std::string name = name_of(prediction);
  const std::string ms = fmt::format("{:.1f}", outcome.search_ms),
                    network = fmt::format("{:.1f}", outcome.network_ms);
  if (outcome.faces.empty()) rows.push_back({name, "nil", "", "", ms, network});
  for (const FaceReading& face : outcome.faces) {
    const std::string label = contract.classes[face.label];
    const Box& box = face.box;
    rows.push_back(
        {name, outcome.kind == Kind::kEmotion ? label : label + "?",
         fmt::format("{:.3f}", face.confidence()),
         fmt::format("{}x{}+{}+{}", box.width, box.height, box.x, box.y), ms,
         network});
  }
}

std::string tally(const std::array<int64_t, 3>& counts, int64_t bad) {
  std::string text = fmt::format(
      "{} read: {} with an emotion, {} of low confidence (marked ?), {} "
      "without a face (nil)\n",
      counts[0] + counts[1] + counts[2],
      counts[static_cast<size_t>(Kind::kEmotion)],
      counts[static_cast<size_t>(Kind::kLowConfidence)],
      counts[static_cast<size_t>(Kind::kNoFace)]);
  if (bad > 0) text += fmt::format("{} could not be read\n", bad);
  return text;
}

}  // namespace

std::string prediction_line(const Prediction& prediction,
                            const OnnxContract& contract) {
  Json line = {{"file", prediction.file}};
  if (prediction.frame) line["frame"] = *prediction.frame;
  if (prediction.error.empty())
    line.update(outcome_json(prediction.outcome, contract));
  else
    line["error"] = prediction.error;
  return json_text(line, -1) + "\n";
}

std::string predictions_text(std::span<const Prediction> predictions,
                             const OnnxContract& contract) {
  Rows rows = {
      {"picture", "emotion", "probability", "face", "search ms", "network ms"}};
  std::array<int64_t, 3> counts{};
  std::array<std::string, 3> what_to_do;
  int64_t bad = 0;
  for (const Prediction& prediction : predictions) {
    if (!prediction.error.empty()) {
      ++bad;
      continue;
    }
    add_rows(prediction, contract, rows);
    const auto kind = static_cast<size_t>(prediction.outcome.kind);
    ++counts[kind];
    what_to_do[kind] = advice(prediction.outcome);
  }
  std::string text = rows.size() > 1 ? format_table(rows) : "";
  text += tally(counts, bad);
  for (const std::string& line : what_to_do)
    if (!line.empty()) text += line + "\n";
  return text;
}

}  // namespace fer
