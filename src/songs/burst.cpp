#include "songs/burst.h"

#include <algorithm>
#include <array>

#include "config/faults.h"
#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"

namespace fer {
namespace {

std::string trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(
      text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

Frame frame_of_json(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) {
    fail<DataError>("expected a JSON object such as {{\"happy\": 0.7}}; got {}",
                    in_quotes(line));
  }
  Frame frame;
  for (const auto& [name, value] : json.items()) {
    const double p = value.is_number() ? value.get<double>() : -1;
    if (!(p >= 0 && p <= 1)) {
      fail<DataError>("expected a probability from 0 to 1 for {}; got {}",
                      in_quotes(name), value.dump());
    }
    frame.emotions.emplace_back(parse_emotion(name), p);
  }
  return frame;
}

Frame frame_of(const std::string& line) {
  if (line == "nil" || line == "no face") return {};
  if (line.starts_with("{")) return frame_of_json(line);
  Frame frame;
  for (const std::string& name : split(line, ','))
    frame.emotions.emplace_back(parse_emotion(trimmed(name)), 1.0);
  return frame;
}

}  // namespace

Burst summarise_burst(std::span<const Frame> frames, double seen) {
  Burst burst;
  burst.frames = static_cast<int64_t>(frames.size());
  std::array<int64_t, kEmotions> counts{};
  for (const Frame& frame : frames) {
    std::array<bool, kEmotions> shown{};
    for (const auto& [emotion, p] : frame.emotions)
      if (p >= seen) shown[static_cast<size_t>(emotion)] = true;
    burst.no_face += frame.emotions.empty();
    burst.unclear += !frame.emotions.empty() &&
                     std::ranges::find(shown, true) == shown.end();
    for (size_t i = 0; i < kEmotions; ++i) counts[i] += shown[i];
  }
  for (size_t i = 0; i < kEmotions; ++i)
    if (counts[i] > 0)
      burst.emotions.push_back({static_cast<FaceEmotion>(i), counts[i]});
  if (burst.emotions.empty()) {
    fail<DataError>(
        "[recommend] expected an emotion in at least one of {} frames; got {} "
        "without a face and {} in which none reaches {}. Face the camera in "
        "even light and try again.",
        burst.frames, burst.no_face, burst.unclear, seen);
  }
  std::ranges::stable_sort(burst.emotions, std::greater(),
                           &EmotionCount::frames);
  return burst;
}

Burst single_emotion(FaceEmotion emotion) {
  const Frame frame{{{emotion, 1.0}}};
  return summarise_burst(std::span(&frame, 1));
}

std::vector<Frame> read_frames(const std::filesystem::path& path) {
  std::vector<Frame> frames;
  size_t number = 0;
  for (const std::string& raw : split(read_file(path), '\n')) {
    ++number;
    const std::string line = trimmed(raw);
    if (line.empty() || line.starts_with("#")) continue;
    try {
      frames.push_back(frame_of(line));
    } catch (const DataError& error) {
      std::string_view text = error.what();
      constexpr std::string_view kHead = "[recommend] ";
      if (text.starts_with(kHead)) text.remove_prefix(kHead.size());
      if (text.ends_with(".")) text.remove_suffix(1);
      fail<DataError>("[recommend] {} ({}:{}:1). Mend the line.", text,
                      path.string(), number);
    }
  }
  if (frames.empty()) {
    fail<DataError>(
        "[recommend] expected one frame a line; got none ({}). Write lines "
        "such as happy, or {{\"happy\": 0.7}}.",
        path.string());
  }
  return frames;
}

}  // namespace fer
