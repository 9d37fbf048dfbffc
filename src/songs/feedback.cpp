#include "songs/feedback.h"

#include "config/faults.h"
#include "core/csv.h"
#include "core/error.h"
#include "songs/song.h"

namespace fer {

Feedback read_feedback(const std::filesystem::path& path) {
  const CsvTable table = read_csv(path);
  const size_t id = table.column("track_id"), word = table.column("feedback");
  Feedback feedback;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    const std::string& opinion = table.rows[i][word];
    if (opinion != "liked" && opinion != "skipped") {
      fail<DataError>(
          "[recommend] expected liked or skipped; got {} ({}, row {}). Mend or "
          "remove the row.",
          in_quotes(opinion), path.string(), i + 1);
    }
    const std::string& name = table.rows[i][id];
    feedback[spotify_id_of(name).value_or(name)] =
        opinion == "liked" ? Opinion::kLiked : Opinion::kSkipped;
  }
  return feedback;
}

}  // namespace fer
