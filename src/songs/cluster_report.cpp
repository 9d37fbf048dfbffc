#include "songs/cluster_report.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text.h"
#include "report/format.h"

namespace fer {
namespace {

using Table = std::vector<std::vector<std::string>>;

std::string names(const std::vector<Feature>& features) {
  std::vector<std::string> words;
  for (const Feature f : features) words.emplace_back(info_of(f).name);
  return join(words, ", ");
}

std::string cell(double value, const char* format = "{:.3f}") {
  return std::isnan(value) ? "-" : fmt::format(fmt::runtime(format), value);
}

std::string features_text(const Clustering& clustering) {
  std::string text = "features: " + names(clustering.features);
  if (!clustering.missing.empty())
    text += "; the table has no " + names(clustering.missing);
  return text + "\n";
}

std::string counts_text(const ClusterReport& report) {
  if (report.counts.empty()) return {};
  Table table = {{"clusters", "sum of squares", "silhouette"}};
  for (const ClusterCount& count : report.counts)
    table.push_back({std::to_string(count.clusters),
                     cell(count.inertia, "{:.4f}"),
                     cell(count.silhouette, "{:.4f}")});
  std::string text = format_table(table);
  if (report.rows.size() < report.songs.size())
    text += fmt::format("(from {} songs, evenly drawn)\n",
                        format_count(static_cast<double>(report.rows.size())));
  return text + "\n";
}

std::string profiles_text(const Clustering& clustering) {
  Table table = {{"genre", "cluster", "songs", "danceability", "energy",
                  "valence", "tempo", "mean"}};
  for (size_t k = 0; k < clustering.profiles.size(); ++k) {
    const ClusterProfile& p = clustering.profiles[k];
    table.push_back({p.name, std::to_string(k), std::to_string(p.songs),
                     cell(p.danceability), cell(p.energy), cell(p.valence),
                     cell(p.tempo), cell(p.score)});
  }
  std::string text = format_table(table);
  if (clustering.name_gap < kClearGap)
    text += fmt::format(
        "The two means differ by {:.3f} only: the names say little.\n",
        clustering.name_gap);
  return text;
}

std::string agreement_text(const MoodAgreement& a) {
  Table table = {{"mood"}};
  table[0].insert(table[0].end(), a.genres.begin(), a.genres.end());
  for (size_t m = 0; m < a.moods.size(); ++m) {
    table.push_back({a.moods[m]});
    for (const int64_t count : a.counts[m])
      table.back().push_back(std::to_string(count));
  }
  return fmt::format(
      "\n{}adjusted Rand index {:.3f}; purity {:.3f}, shuffled moods {:.3f} "
      "(95 % below {:.3f}), p = {:.3g}\n{}\n",
      format_table(table), a.rand_index, a.purity, a.chance_purity,
      a.chance_purity_high, a.p, agreement_sentence(a));
}

// The first few seeds, then the sentence about all.
std::string seeds_text(const std::vector<SeedNaming>& seeds) {
  if (seeds.empty()) return {};
  constexpr size_t kShown = 10;
  Table table = {{"seed", "songs named alike", "cluster 0 is", "mood served"}};
  for (size_t i = 0; i < std::min(kShown, seeds.size()); ++i) {
    const SeedNaming& s = seeds[i];
    table.push_back({std::to_string(s.seed), format_percent(s.agreement),
                     s.swapped ? "sombre" : "cheerful",
                     s.served ? format_percent(*s.served) : "-"});
  }
  return "\n" + format_table(table) + seed_sentence(seeds) + "\n";
}

Json profile_json(const ClusterProfile& p, size_t k) {
  const auto number = [](double value) {
    return std::isnan(value) ? Json(nullptr) : Json(value);
  };
  return {{"genre", p.name},
          {"cluster", k},
          {"songs", p.songs},
          {"danceability", number(p.danceability)},
          {"energy", number(p.energy)},
          {"valence", number(p.valence)},
          {"tempo", number(p.tempo)},
          {"score", p.score}};
}

Json agreement_json(const MoodAgreement& a) {
  const auto right = served_right(a);
  return {{"moods", a.moods},
          {"genres", a.genres},
          {"counts", a.counts},
          {"adjusted_rand_index", a.rand_index},
          {"purity", a.purity},
          {"chance_purity", a.chance_purity},
          {"chance_purity_high", a.chance_purity_high},
          {"p", a.p},
          {"served_right", right ? Json(*right) : Json(nullptr)},
          {"sentence", agreement_sentence(a)}};
}

Json list_of(const std::vector<Feature>& features) {
  Json list = Json::array();
  for (const Feature f : features) list.push_back(info_of(f).name);
  return list;
}

Json seeds_json(const std::vector<SeedNaming>& seeds) {
  Json list = Json::array();
  for (const SeedNaming& s : seeds)
    list.push_back({{"seed", s.seed},
                    {"agreement", s.agreement},
                    {"swapped", s.swapped},
                    {"served_right", s.served ? Json(*s.served) : Json()}});
  return list;
}

}  // namespace

ClusterReport report_clusters(std::vector<Song> songs,
                              const ClusterReportOptions& options) {
  ClusterReport report;
  report.clustering = cluster_songs(songs, options.kmeans);
  report.songs = std::move(songs);
  set_genres(report.songs, report.clustering);
  report.agreement = mood_agreement(report.songs);
  report.rows = table_rows(report.songs.size(), options.most);
  const Points points = rows_of(report.clustering.points, report.rows);
  if (options.tables) report.counts = count_clusters(points, options.kmeans);
  if (options.seeds > 0) {
    std::vector<Song> some;
    for (const size_t row : report.rows) some.push_back(report.songs[row]);
    report.seeds =
        naming_over_seeds(some, points, options.seeds, options.kmeans);
  }
  return report;
}

std::string seed_sentence(const std::vector<SeedNaming>& seeds) {
  if (seeds.empty()) return {};
  const auto swapped = std::ranges::count_if(seeds, &SeedNaming::swapped);
  std::string text = fmt::format(
      "Calling cluster 0 cheerful, as the report does, swaps the genres in {} "
      "of {} seeds",
      swapped, seeds.size());
  std::vector<double> served;
  for (const SeedNaming& s : seeds)
    if (s.served) served.push_back(*s.served);
  if (served.empty()) return text + ".";
  const auto [low, high] = std::ranges::minmax(served);
  return text +
         fmt::format("; the mood served is then right {} to {} of the time.",
                     format_percent(low), format_percent(high));
}

std::string cluster_text(const ClusterReport& report) {
  std::string text = features_text(report.clustering) + counts_text(report) +
                     profiles_text(report.clustering);
  if (report.agreement) text += agreement_text(*report.agreement);
  return text + seeds_text(report.seeds);
}

Json cluster_json(const ClusterReport& report) {
  Json counts = Json::array(), profiles = Json::array();
  for (const ClusterCount& c : report.counts)
    counts.push_back(
        {{"clusters", c.clusters},
         {"inertia", c.inertia},
         {"silhouette",
          std::isnan(c.silhouette) ? Json(nullptr) : Json(c.silhouette)}});
  for (size_t k = 0; k < report.clustering.profiles.size(); ++k)
    profiles.push_back(profile_json(report.clustering.profiles[k], k));
  return {{"features", list_of(report.clustering.features)},
          {"missing_features", list_of(report.clustering.missing)},
          {"inertia", report.clustering.fit.inertia},
          {"table_songs", report.rows.size()},
          {"counts", std::move(counts)},
          {"clusters", std::move(profiles)},
          {"agreement", report.agreement ? agreement_json(*report.agreement)
                                         : Json(nullptr)},
          {"seeds", seeds_json(report.seeds)}};
}

}  // namespace fer
