#include "songs/import.h"

#include "core/error.h"
#include "core/text.h"
#include "report/format.h"
#include "songs/cluster_figure.h"
#include "songs/song_database.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

std::string count(int64_t n) { return format_count(static_cast<double>(n)); }

// What the catalogue says of its own origin; nothing that changes from one
// import of the same table to the next.
Json facts_of(const fs::path& csv, const ImportReport& report,
              const ImportOptions& options) {
  Json facts = import_json(report);
  facts["source"] = csv.filename().string();
  facts["seed"] = options.clusters.kmeans.seed;
  facts["restarts"] = options.clusters.kmeans.restarts;
  return facts;
}

}  // namespace

ImportReport import_songs(const fs::path& csv, const fs::path& database,
                          const ImportOptions& options) {
  check_may_replace(database);
  ImportReport report;
  report.table = read_song_table(csv, options.table);
  report.no_clusters = cannot_cluster(report.table.songs);
  if (report.no_clusters.empty()) {
    report.clusters = report_clusters(report.table.songs, options.clusters);
    report.table.songs = report.clusters->songs;
    if (!options.figures.empty() && !report.clusters->counts.empty())
      draw_clusters(report.clusters->songs, report.clusters->clustering.points,
                    report.clusters->counts, options.figures);
  }
  write_song_database(database, report.table.songs,
                      facts_of(csv, report, options));
  return report;
}

std::string import_text(const ImportReport& report) {
  const SongTable& table = report.table;
  std::string text = fmt::format(
      "{} songs of {} rows (format {}); {} with a known id and {} with a known "
      "name dropped\n",
      count(static_cast<int64_t>(table.songs.size())), count(table.rows),
      table.format, count(table.same_id), count(table.same_name));
  if (!table.damage.empty()) {
    std::vector<std::vector<std::string>> rows = {
        {"damaged rows left out", "rows", "first line"}};
    for (const Damage& d : table.damage)
      rows.push_back({d.reason, count(d.rows), std::to_string(d.first_line)});
    text += format_table(rows);
  }
  if (report.clusters) return text + cluster_text(*report.clusters);
  return text + fmt::format(
                    "no clusters, so no genres: that needs {}. Policies "
                    "without genres work.\n",
                    report.no_clusters);
}

Json import_json(const ImportReport& report) {
  const SongTable& table = report.table;
  Json damage = Json::array();
  for (const Damage& d : table.damage)
    damage.push_back(
        {{"reason", d.reason}, {"rows", d.rows}, {"first_line", d.first_line}});
  return {
      {"songs", table.songs.size()},
      {"rows", table.rows},
      {"format", table.format},
      {"same_id", table.same_id},
      {"same_name", table.same_name},
      {"damaged", table.damaged()},
      {"damage", std::move(damage)},
      {"clusters",
       report.clusters ? cluster_json(*report.clusters) : Json(nullptr)},
      {"no_clusters",
       report.no_clusters.empty() ? Json(nullptr) : Json(report.no_clusters)}};
}

}  // namespace fer
