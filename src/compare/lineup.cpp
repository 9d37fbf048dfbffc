#include "compare/lineup.h"

#include <algorithm>
#include <set>

#include "compare/align.h"
#include "core/error.h"
#include "stats/pairing.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

void check_count(const std::vector<fs::path>& runs) {
  if (runs.size() >= 2) return;
  fail<DataError>(
      "[compare] expected two runs or more; got {}. Name the run folders: "
      "`ferbench compare RUN RUN`.",
      runs.size());
}

// A folder of seeds holds the run folders that it stands for.
void check_folders(const std::vector<CompareEntry>& entries) {
  std::set<fs::path> seen;
  for (const CompareEntry& entry : entries) {
    for (const fs::path& run : entry.folders) {
      std::error_code ignored;
      if (seen.insert(fs::weakly_canonical(run / "", ignored)).second) continue;
      fail<DataError>(
          "[compare] expected different runs; got one twice ({}). Name each "
          "once.",
          run.string());
    }
  }
}

// Two runs may carry one name in different folders.
void make_names_differ(std::vector<CompareEntry>& entries) {
  std::multiset<std::string> names;
  for (const CompareEntry& entry : entries) names.insert(entry.name);
  for (CompareEntry& entry : entries)
    if (names.count(entry.name) > 1) entry.name = entry.path.string();
}

void check_protocols(const std::vector<CompareEntry>& entries) {
  for (const CompareEntry& entry : entries) {
    const CompareEntry& first = entries[0];
    if (entry.protocol == first.protocol) continue;
    fail<DataError>(
        "[compare] expected runs of one protocol; got {} ({}) and {} ({}). "
        "Scores under different protocols are not comparable; --force shows "
        "them side by side without ranking them.",
        first.protocol, first.path.string(), entry.protocol,
        entry.path.string());
  }
}

bool one_protocol(const std::vector<CompareEntry>& entries) {
  return std::all_of(entries.begin(), entries.end(),
                     [&](const CompareEntry& entry) {
                       return entry.protocol == entries[0].protocol;
                     });
}

void align_all(std::vector<CompareEntry>& entries) {
  const Predictions reference = entries[0].predictions[0];
  const fs::path folder = entries[0].folders[0];
  for (CompareEntry& entry : entries)
    for (size_t s = 0; s < entry.seeds(); ++s)
      entry.predictions[s] =
          align(entry.predictions[s], reference, entry.folders[s], folder);
}

bool lists_twins(const Json& audit, const std::string& split) {
  return audit.is_object() && audit.contains("twin_groups") &&
         audit["twin_groups"].is_object() &&
         audit["twin_groups"].contains(split);
}

// Groups from the first audit that knows the twins inside the split.
void find_groups(Lineup& lineup) {
  Json audit;
  for (const CompareEntry& entry : lineup.entries)
    if (audit.is_null() && lists_twins(entry.audit, lineup.split))
      audit = entry.audit;
  if (audit.is_null())
    lineup.notes.push_back(
        "No audit.json lists the twins inside this split (older runs): copies "
        "of a picture under another name count as pictures of their own.");
  lineup.groups = row_groups(lineup.first(), audit, lineup.split);
  lineup.units =
      std::set<int64_t>(lineup.groups.begin(), lineup.groups.end()).size();
}

void add_seed_note(Lineup& lineup) {
  size_t single = 0;
  for (const CompareEntry& entry : lineup.entries) single += entry.seeds() == 1;
  if (single == lineup.entries.size())
    lineup.notes.push_back(
        "One seed each: this is about these trained models; whether another "
        "seed would turn it around is not known (`ferbench run EXPERIMENT "
        "--seeds 5`).");
  else if (single > 0)
    lineup.notes.push_back(
        "Some entries have one seed: how much another seed would change them "
        "is not counted.");
}

}  // namespace

Lineup read_lineup(const std::vector<fs::path>& runs, const std::string& split,
                   bool force) {
  check_count(runs);
  Lineup lineup;
  lineup.split = split;
  for (const fs::path& run : runs)
    lineup.entries.push_back(read_entry(run, split));
  check_folders(lineup.entries);
  make_names_differ(lineup.entries);
  if (!force) check_protocols(lineup.entries);
  lineup.ranked = one_protocol(lineup.entries);
  align_all(lineup.entries);
  for (const CompareEntry& entry : lineup.entries)
    lineup.notes.insert(lineup.notes.end(), entry.notes.begin(),
                        entry.notes.end());
  find_groups(lineup);
  add_seed_note(lineup);
  const CompareEntry& first = lineup.entries[0];
  const auto& names = lineup.first().class_names;
  const auto found =
      std::find(names.begin(), names.end(), first.positive_class);
  if (found != names.end())
    lineup.positive = static_cast<size_t>(found - names.begin());
  lineup.zero_division = first.zero_division;
  return lineup;
}

}  // namespace fer
