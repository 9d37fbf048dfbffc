#include "data/clean_list.h"

#include <unordered_map>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "data/fingerprint.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

const std::vector<std::string> kColumns = {"id", "kept", "reason", "twin_of",
                                           "fingerprint"};

std::string fingerprint_of(const ImageSet& images) {
  return images.fingerprint.empty() ? image_fingerprint(images)
                                    : images.fingerprint;
}

struct Group {
  int64_t kept = -1;
  bool conflict = false;
};

std::vector<Group> choose(const ImageSet& images, const Twins& twins) {
  std::vector<Group> groups(images.size());
  for (size_t i = 0; i < images.size(); ++i) {
    const auto first = static_cast<size_t>(twins.group[i]);
    Group& group = groups[first];
    if (images.labels[i] != images.labels[first]) group.conflict = true;
    if (group.kept < 0 ||
        images.usage[i] > images.usage[static_cast<size_t>(group.kept)])
      group.kept = static_cast<int64_t>(i);
  }
  return groups;
}

CleanRow judge(size_t i, const Twins& twins, const std::vector<Group>& groups) {
  const auto row = static_cast<int64_t>(i);
  const int64_t first = twins.group[i];
  const Group& group = groups[static_cast<size_t>(first)];
  if (twins.blank[i]) return {DropReason::kBlank, -1};
  if (group.conflict)
    return {DropReason::kConflictingLabels, first == row ? -1 : first};
  if (group.kept == row) return {};
  const bool exact =
      twins.first[static_cast<size_t>(group.kept)] == twins.first[i];
  return {exact ? DropReason::kExactDuplicate : DropReason::kNearTwin,
          group.kept};
}

[[noreturn]] void fail_list(const fs::path& path, const std::string& wanted,
                            const std::string& got) {
  fail<DataError>(
      "[clean list] expected {}; got {} ({}). Make it again: `ferbench data "
      "clean`.",
      wanted, got, path.string());
}

void check_fingerprint(const CsvTable& table, const ImageSet& images,
                       const fs::path& path) {
  const size_t column = table.column("fingerprint");
  const std::string got = table.rows.empty() ? "" : table.rows[0][column];
  const std::string want = fingerprint_of(images);
  if (got == want) return;
  fail_list(path, "the list of these images, fingerprint " + want,
            got.empty() ? "none" : got);
}

}  // namespace

const char* reason_word(DropReason reason) {
  constexpr const char* kReasons[] = {
      "", "exact_duplicate", "near_twin", "conflicting_labels", "blank", "bad"};
  return kReasons[static_cast<size_t>(reason)];
}

std::vector<CleanRow> clean_images(const ImageSet& images, const Twins& twins) {
  const auto groups = choose(images, twins);
  std::vector<CleanRow> rows(images.size());
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = judge(i, twins, groups);
  return rows;
}

Json clean_counts(const ImageSet& images, const std::vector<CleanRow>& rows) {
  Json counts = {{"images", images.size()}, {"kept", 0}};
  for (int reason = 1; reason <= static_cast<int>(DropReason::kBad); ++reason)
    counts[reason_word(static_cast<DropReason>(reason))] = 0;
  const auto add = [&](const char* key) {
    counts[key] = counts[key].get<int64_t>() + 1;
  };
  for (const CleanRow& row : rows)
    add(row.reason == DropReason::kNone ? "kept" : reason_word(row.reason));
  counts[reason_word(DropReason::kBad)] = images.bad.size();
  return counts;
}

void write_clean_list(const fs::path& path, const ImageSet& images,
                      const std::vector<CleanRow>& rows) {
  std::string text = csv_line(kColumns) + "\n";
  std::string fingerprint = fingerprint_of(images);
  const auto add = [&](const std::string& id, DropReason reason,
                       const std::string& twin) {
    text += csv_line({id, reason == DropReason::kNone ? "1" : "0",
                      reason_word(reason), twin, fingerprint}) +
            "\n";
    fingerprint.clear();
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    const int64_t twin = rows[i].twin_of;
    add(images.ids[i], rows[i].reason,
        twin < 0 ? "" : images.ids[static_cast<size_t>(twin)]);
  }
  for (const BadImage& bad : images.bad) add(bad.id, DropReason::kBad, "");
  write_file(path, text);
}

std::vector<bool> read_kept(const fs::path& path, const ImageSet& images) {
  const CsvTable table = read_csv(path);
  const size_t id = table.column("id"), kept = table.column("kept"),
               reason = table.column("reason");
  check_fingerprint(table, images, path);
  std::unordered_map<std::string, size_t> rows;
  for (size_t i = 0; i < images.size(); ++i) rows.emplace(images.ids[i], i);
  std::vector<bool> result(images.size()), seen(images.size());
  size_t n = 0, total = 0;
  for (const auto& row : table.rows) {
    if (row[kept] != "0" && row[kept] != "1")
      fail_list(path, "kept to be 0 or 1",
                "'" + row[kept] + "' for " + row[id]);
    if (row[reason] == reason_word(DropReason::kBad) && row[kept] == "0")
      continue;
    const auto found = rows.find(row[id]);
    if (found == rows.end())
      fail_list(path, "ids of these images",
                "the unknown id '" + row[id] + "'");
    if (seen[found->second])
      fail_list(path, "each id once", "'" + row[id] + "' twice");
    seen[found->second] = true;
    result[found->second] = row[kept] == "1";
    ++n;
    total += row[kept] == "1";
  }
  if (n < images.size()) {
    size_t i = 0;
    while (seen[i]) ++i;
    fail_list(path, fmt::format("a line for each of {} images", images.size()),
              fmt::format("{} lines, none for '{}'", n, images.ids[i]));
  }
  if (total == 0) fail_list(path, "images to keep", "none");
  return result;
}

}  // namespace fer
