#include "songs/mood_agreement.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <set>

#include "core/error.h"
#include "core/philox.h"
#include "core/text.h"
#include "report/format.h"

namespace fer {
namespace {

using Counts = std::vector<std::vector<int64_t>>;

Counts contingency(const std::vector<int>& a, const std::vector<int>& b) {
  if (a.size() != b.size()) {
    fail("[songs] expected two labellings of the same things; got {} and {}.",
         a.size(), b.size());
  }
  const auto groups = [](const std::vector<int>& labels) {
    return labels.empty()
               ? 0
               : static_cast<size_t>(*std::ranges::max_element(labels)) + 1;
  };
  Counts counts(groups(a), std::vector<int64_t>(groups(b), 0));
  for (size_t i = 0; i < a.size(); ++i)
    ++counts[static_cast<size_t>(a[i])][static_cast<size_t>(b[i])];
  return counts;
}

double pairs(double n) { return n * (n - 1) / 2; }

double pairs_in(const std::vector<int64_t>& sizes) {
  double sum = 0;
  for (const int64_t size : sizes) sum += pairs(static_cast<double>(size));
  return sum;
}

double purity_of(const Counts& counts, size_t n) {
  int64_t most = 0;
  for (const auto& row : counts) most += *std::ranges::max_element(row);
  return static_cast<double>(most) / static_cast<double>(n);
}

bool same_word(const std::string& a, const std::string& b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// Labels by alphabetical order of the words.
std::vector<int> numbered(const std::vector<std::string>& words,
                          std::vector<std::string>& names) {
  const std::set<std::string> unique(words.begin(), words.end());
  names.assign(unique.begin(), unique.end());
  std::vector<int> labels;
  for (const std::string& word : words)
    labels.push_back(static_cast<int>(std::ranges::lower_bound(names, word) -
                                      names.begin()));
  return labels;
}

// What purity is when the moods are dealt out at random.
void measure_chance(const std::vector<int>& genres, std::vector<int> moods,
                    int shuffles, uint64_t seed, MoodAgreement& result) {
  std::vector<double> chance;
  int as_pure = 0;
  for (int round = 0; round < shuffles; ++round) {
    Philox random(seed, static_cast<uint32_t>(round), 0, Purpose::kShuffle);
    for (size_t i = moods.size(); i > 1; --i)
      std::swap(moods[i - 1], moods[random.below(static_cast<uint32_t>(i))]);
    chance.push_back(purity(genres, moods));
    as_pure += chance.back() >= result.purity;
  }
  result.p = (1.0 + as_pure) / (1.0 + shuffles);
  if (chance.empty()) return;
  std::ranges::sort(chance);
  result.chance_purity = std::accumulate(chance.begin(), chance.end(), 0.0) /
                         static_cast<double>(chance.size());
  result.chance_purity_high =
      chance[std::min(chance.size() - 1, chance.size() * 95 / 100)];
}

std::string held(const MoodAgreement& agreement, const char* genre,
                 const char* mood) {
  return fmt::format("{} of {} {} songs", agreement.in_genre(mood, genre),
                     agreement.of_mood(mood), mood);
}

}  // namespace

double adjusted_rand_index(const std::vector<int>& a,
                           const std::vector<int>& b) {
  const Counts counts = contingency(a, b);
  if (counts.empty()) return 1;
  std::vector<int64_t> rows, columns(counts[0].size(), 0), cells;
  for (const auto& row : counts) {
    rows.push_back(std::accumulate(row.begin(), row.end(), int64_t{0}));
    for (size_t j = 0; j < row.size(); ++j) columns[j] += row[j];
    cells.insert(cells.end(), row.begin(), row.end());
  }
  const double both = pairs_in(cells), in_a = pairs_in(rows),
               in_b = pairs_in(columns);
  const double all = pairs(static_cast<double>(a.size()));
  const double expected = all > 0 ? in_a * in_b / all : 0;
  const double most = (in_a + in_b) / 2;
  return most == expected ? 1 : (both - expected) / (most - expected);
}

double purity(const std::vector<int>& clusters,
              const std::vector<int>& classes) {
  if (clusters.empty()) return 0;
  return purity_of(contingency(clusters, classes), clusters.size());
}

int64_t MoodAgreement::of_mood(const std::string& mood) const {
  int64_t sum = 0;
  for (size_t m = 0; m < moods.size(); ++m)
    if (same_word(moods[m], mood))
      sum += std::accumulate(counts[m].begin(), counts[m].end(), int64_t{0});
  return sum;
}

int64_t MoodAgreement::in_genre(const std::string& mood,
                                const std::string& genre) const {
  const auto found = std::ranges::find(genres, genre);
  if (found == genres.end()) return 0;
  int64_t sum = 0;
  for (size_t m = 0; m < moods.size(); ++m)
    if (same_word(moods[m], mood))
      sum += counts[m][static_cast<size_t>(found - genres.begin())];
  return sum;
}

std::optional<MoodAgreement> mood_agreement(const std::vector<Song>& songs,
                                            int shuffles, uint64_t seed) {
  std::vector<std::string> moods, genres;
  for (const Song& song : songs) {
    if (song.mood.empty() || song.genres.empty()) continue;
    moods.push_back(song.mood);
    genres.push_back(song.genres);
  }
  if (moods.empty()) return std::nullopt;
  MoodAgreement result;
  result.songs = static_cast<int64_t>(moods.size());
  const std::vector<int> mood = numbered(moods, result.moods);
  const std::vector<int> genre = numbered(genres, result.genres);
  result.counts = contingency(mood, genre);
  result.rand_index = adjusted_rand_index(mood, genre);
  result.purity = purity(genre, mood);
  measure_chance(genre, mood, shuffles, seed, result);
  return result;
}

std::optional<double> served_right(const MoodAgreement& agreement) {
  const auto happy = static_cast<double>(agreement.of_mood("Happy"));
  const auto sad = static_cast<double>(agreement.of_mood("Sad"));
  if (happy == 0 || sad == 0) return std::nullopt;
  return (static_cast<double>(agreement.in_genre("Happy", "cheerful")) / happy +
          static_cast<double>(agreement.in_genre("Sad", "sombre")) / sad) /
         2;
}

std::string agreement_sentence(const MoodAgreement& agreement) {
  if (agreement.p > 0.05)
    return fmt::format(
        "The clusters do not separate moods: purity {} is what shuffled moods "
        "give ({}).",
        format_percent(agreement.purity),
        format_percent(agreement.chance_purity));
  const auto right = served_right(agreement);
  if (!right)
    return fmt::format(
        "The clusters agree with the moods beyond chance (p = {:.3g}); there "
        "are no Happy or no Sad songs to tell apart.",
        agreement.p);
  return fmt::format(
      "The clusters {} happy from sad songs: cheerful holds {} and {}. A face "
      "as often happy as sad would be served its mood {} of the time (chance: "
      "50 %).",
      *right >= kSeparates ? "separate" : "do not separate",
      held(agreement, "cheerful", "Happy"), held(agreement, "cheerful", "Sad"),
      format_percent(*right));
}

}  // namespace fer
