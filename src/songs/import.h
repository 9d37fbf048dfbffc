// From a song table to a catalogue: the report's pipeline in one call.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/json.h"
#include "songs/cluster_report.h"
#include "songs/song_table.h"

namespace fer {

struct ImportOptions {
  TableOptions table;
  ClusterReportOptions clusters;
  std::filesystem::path figures;  ///< folder; empty: none
};

struct ImportReport {
  SongTable table;  ///< its songs bear their genres
  std::optional<ClusterReport> clusters;
  std::string no_clusters;  ///< why there are none, or ""
};

/// Reads `csv`, drops repeats, clusters where the features allow it, draws, and
/// writes `database` last, whole or not at all. Throws what read_song_table,
/// draw_clusters and write_song_database throw.
ImportReport import_songs(const std::filesystem::path& csv,
                          const std::filesystem::path& database,
                          const ImportOptions& options = {});

std::string import_text(const ImportReport& report);
Json import_json(const ImportReport& report);

}  // namespace fer
