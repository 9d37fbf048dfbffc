// What the listener liked or skipped.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace fer {

enum class Opinion { kLiked, kSkipped };

/// By id of the song; the last word counts.
using Feedback = std::map<std::string, Opinion>;

/// Reads a CSV file with the columns track_id and feedback (liked, skipped).
/// DataError with the row for another word.
Feedback read_feedback(const std::filesystem::path& path);

}  // namespace fer
