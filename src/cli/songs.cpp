#include <fmt/core.h>

#include <memory>

#include "cli/verbs.h"
#include "core/error.h"
#include "core/text.h"
#include "songs/cluster_figure.h"
#include "songs/import.h"
#include "songs/policy.h"
#include "songs/recommend_text.h"
#include "songs/song_database.h"

namespace fer {
namespace {

struct SongsOptions {
  std::string csv, database = "songs.sqlite", columns, figures, genre, mood;
  std::string bad_rows = "skip", same = "report";
  int count = 20, seeds = 100, restarts = 10;
  uint32_t seed = 42;
  bool json = false, quiet = false;

  ClusterReportOptions clusters() const {
    ClusterReportOptions options;
    options.kmeans.seed = seed;
    options.kmeans.restarts = restarts;
    options.seeds = seeds;
    return options;
  }
};

int import(const SongsOptions& options) {
  ImportOptions import;
  import.clusters = options.clusters();
  import.clusters.seeds = 0;  // `clusters` shows them
  import.figures = options.figures;
  if (!options.columns.empty())
    import.table.columns = read_column_map(options.columns);
  import.table.bad_rows =
      options.bad_rows == "stop" ? BadRows::kStop : BadRows::kSkip;
  import.table.same = options.same == "id"       ? Same::kId
                      : options.same == "artist" ? Same::kArtist
                                                 : Same::kReport;
  const ImportReport report =
      import_songs(options.csv, options.database, import);
  if (options.json) {
    fmt::print("{}\n", json_text(import_json(report)));
  } else if (!options.quiet) {
    fmt::print("{}\ncatalogue: {}\n", import_text(report), options.database);
  }
  return 0;
}

int list(const SongsOptions& options) {
  const SongDatabase database(options.database);
  const std::vector<Song> songs = database.list(
      options.genre, options.mood, static_cast<size_t>(options.count));
  if (songs.empty()) {
    fail<DataError>(
        "[songs] expected songs of this kind; got none: {} has the genres {} "
        "and the moods {}. Ask for one of them.",
        options.database, database.stock_of_genres(),
        database.stock_of_moods());
  }
  if (options.json) {
    Json rows = Json::array();
    for (const Song& song : songs) rows.push_back(song_json(song));
    fmt::print("{}\n", json_text(rows));
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {song_head()};
  for (const Song& song : songs) rows.push_back(song_line(song));
  fmt::print("{}", format_table(rows));
  if (!options.quiet)
    fmt::print("{} of {} songs\n", songs.size(), database.size());
  return 0;
}

int clusters(const SongsOptions& options) {
  const ClusterReport report =
      report_clusters(SongDatabase(options.database).all(), options.clusters());
  if (!options.figures.empty())
    draw_clusters(report.songs, report.clustering.points, report.counts,
                  options.figures);
  if (options.json) {
    fmt::print("{}\n", json_text(cluster_json(report)));
  } else {
    fmt::print("{}", cluster_text(report));
  }
  return 0;
}

int show_policies(const SongsOptions& options) {
  if (options.json) {
    Json rows = Json::array();
    for (const Policy& policy : policies())
      rows.push_back({{"policy", policy.name},
                      {"source", policy.source},
                      {"help", policy.help}});
    fmt::print("{}\n", json_text(rows));
    return 0;
  }
  for (const Policy& policy : policies())
    fmt::print("{:<16} {}\n", policy.name, policy.help);
  return 0;
}

using Options = std::shared_ptr<SongsOptions>;

void add_common(CLI::App* verb, const Options& options, bool database = true) {
  if (database)
    verb->add_option("--db", options->database,
                     "The catalogue (default: songs.sqlite)");
  verb->add_flag("--json", options->json, "Print JSON");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
}

void add_clustering(CLI::App* verb, const Options& options) {
  verb->add_option("--seed", options->seed, "Of KMeans (default: 42)");
  verb->add_option("--restarts", options->restarts,
                   "Runs of KMeans; the best one stays (default: 10)")
      ->check(CLI::Range(1, 1000));
  verb->add_option("--figures", options->figures,
                   "Draw clusters, elbow and silhouette into this folder");
}

void add_import(CLI::App* songs, const Options& options, Action& action) {
  CLI::App* verb =
      songs->add_subcommand("import", "Make a catalogue from a song table");
  verb->footer("Example: ferbench songs import songs.csv --db songs.sqlite");
  verb->add_option("CSV", options->csv, "Table with a line of column names")
      ->required();
  verb->add_option("--columns", options->columns,
                   "YAML file that says which column is which");
  verb->add_option("--bad-rows", options->bad_rows,
                   "skip: leave damaged rows out and count them; stop: fail")
      ->check(CLI::IsMember({"skip", "stop"}));
  verb->add_option("--same", options->same,
                   "Which songs are one: report (id, then name), artist (id, "
                   "then name and artist) or id")
      ->check(CLI::IsMember({"report", "artist", "id"}));
  add_clustering(verb, options);
  add_common(verb, options);
  verb->callback(
      [options, &action] { action = [options] { return import(*options); }; });
}

void add_list(CLI::App* songs, const Options& options, Action& action) {
  CLI::App* verb =
      songs->add_subcommand("list", "Show songs, the most popular first");
  verb->footer("Example: ferbench songs list --genre cheerful --count 7");
  verb->add_option("--genre", options->genre, "cheerful or sombre");
  verb->add_option("--mood", options->mood, "A mood of the table");
  verb->add_option("--count", options->count, "Songs at most (default: 20)")
      ->check(CLI::Range(1, 1'000'000));
  add_common(verb, options);
  verb->callback(
      [options, &action] { action = [options] { return list(*options); }; });
}

void add_clusters(CLI::App* songs, const Options& options, Action& action) {
  CLI::App* verb = songs->add_subcommand(
      "clusters", "Show what the clusters are, and whether they mean a mood");
  verb->footer("Example: ferbench songs clusters --figures figures");
  verb->add_option("--seeds", options->seeds,
                   "Seeds for the table of arbitrary names (default: 100)")
      ->check(CLI::Range(0, 10'000));
  add_clustering(verb, options);
  add_common(verb, options);
  verb->callback([options, &action] {
    action = [options] { return clusters(*options); };
  });
}

void add_policies(CLI::App* songs, const Options& options, Action& action) {
  CLI::App* verb =
      songs->add_subcommand("policies", "Show the policies of `recommend`");
  verb->footer("Example: ferbench songs policies");
  add_common(verb, options, false);
  verb->callback([options, &action] {
    action = [options] { return show_policies(*options); };
  });
}

}  // namespace

void add_songs(CLI::App& app, Action& action) {
  const Options options = std::make_shared<SongsOptions>();
  CLI::App* songs =
      app.add_subcommand("songs", "Import, list and cluster songs");
  songs->footer("Example: ferbench songs import songs.csv");
  songs->require_subcommand(1);
  add_import(songs, options, action);
  add_list(songs, options, action);
  add_clusters(songs, options, action);
  add_policies(songs, options, action);
}

}  // namespace fer
