#include "data/trained_on.h"

#include <algorithm>
#include <unordered_set>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/text.h"
#include "data/perceptual_hash.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFile = "trained_on.csv";
constexpr size_t kPictureDigits = 16;
constexpr size_t kPieceBytes = size_t{1} << 20;  // written at a time

// Where ids mean the same images: the kind and name of the source; a machine's
// folders say nothing.
std::string source_of(const DataConfig& data) {
  if (data.source != SourceKind::kSynthetic) {
    // "faces/" and "." have names, too.
    const fs::path path =
        (fs::absolute(data.path) / "x").lexically_normal().parent_path();
    // `data prepare` calls every pack images.ferpack: its folder tells which.
    const fs::path name = data.source == SourceKind::kPacked
                              ? path.parent_path().filename() / path.filename()
                              : path.filename();
    return fmt::format("{} {}", word(data.source), name.string());
  }
  const SyntheticConfig& s = data.synthetic;
  return fmt::format("synthetic {} {} {} {} {}", s.images, s.seed, s.noise,
                     s.occlusion, join(data.classes, " "));
}

std::string picture_of(const PictureMaker& maker, size_t i) {
  PictureMaker::Memory memory;
  const auto* picture = reinterpret_cast<const char*>(maker.picture(i, memory));
  return sha256(std::string_view(picture, kPictureBytes))
      .substr(0, kPictureDigits);
}

// The folder of the run whose checkpoint `file` is; empty: it is none.
fs::path run_of(const fs::path& file) {
  // Named from inside the run folder, the file does not say which one it is.
  const fs::path whole = file.parent_path().has_parent_path()
                             ? file
                             : fs::absolute(file).lexically_normal();
  const fs::path folder = whole.parent_path();
  if (folder.filename() != "checkpoints") return {};
  const fs::path run = folder.parent_path();
  return fs::exists(run / "config.yaml") ? run : fs::path();
}

fs::path parent_run(const Config& config) {
  const auto& weights = config.model.weights;
  return weights ? run_of(weights->file) : fs::path();
}

// The rows of a run's table; none where there is no table.
CsvTable table_of(const fs::path& run) {
  const fs::path path = run / kFile;
  if (run.empty() || !fs::exists(path))
    return {{"source", "id", "picture", "trained"}, {}};
  return read_csv(path);
}

// For each group of twins whether one of its images satisfies `holds`.
template <class Predicate>
std::vector<bool> groups_where(const Twins& twins, Predicate holds) {
  std::vector<bool> groups(twins.group.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    if (holds(i)) groups[static_cast<size_t>(twins.group[i])] = true;
  }
  return groups;
}

std::vector<bool> training_rows(const Split& split, size_t n) {
  std::vector<bool> trained(n);
  for (const int64_t row : split.train)
    trained[static_cast<size_t>(row)] = true;
  return trained;
}

// What a table holds, ready to be asked.
class Seen {
 public:
  explicit Seen(const CsvTable& table) {
    const size_t source = table.column("source"), id = table.column("id"),
                 picture = table.column("picture"),
                 trained = table.column("trained");
    for (const auto& row : table.rows) {
      const std::string name = csv_line({row[source], row[id]});
      ids_.insert(name);
      if (!row[picture].empty()) pictures_.insert(row[picture]);
      if (row[trained] == "1") trained_.insert(name);
    }
  }
  bool has(const std::string& source, const std::string& id,
           const std::string& picture) const {
    return ids_.contains(csv_line({source, id})) || pictures_.contains(picture);
  }
  size_t trained() const { return trained_.size(); }

 private:
  std::unordered_set<std::string> ids_, pictures_, trained_;
};

Json part_json(const std::vector<int64_t>& rows, const Twins& twins,
               const std::vector<bool>& seen, const std::vector<bool>& train) {
  int64_t found = 0, either = 0;
  for (const int64_t row : rows) {
    const auto group =
        static_cast<size_t>(twins.group[static_cast<size_t>(row)]);
    found += seen[group];
    either += seen[group] || train[group];
  }
  const auto all = static_cast<double>(std::max<size_t>(1, rows.size()));
  return {{"rows", rows.size()},
          {"seen", found},
          {"share", static_cast<double>(found) / all},
          {"share_with_train", static_cast<double>(either) / all}};
}

}  // namespace

void write_trained_on(const fs::path& run_dir, const ImageSet& images,
                      const Split& split, const Twins& twins,
                      const Config& config) {
  const PictureMaker pictures(images);
  const std::string source = source_of(config.data);
  const auto trained = training_rows(split, images.size());
  const auto groups = groups_where(twins, [&](size_t i) { return trained[i]; });
  CsvTable inherited = table_of(parent_run(config));
  AtomicFile file(run_dir / kFile);
  std::string text;
  const auto write = [&](const std::vector<std::string>& row) {
    text += csv_line(row) + "\n";
    if (text.size() < kPieceBytes) return;
    file.write(text);
    text.clear();
  };
  write(inherited.columns);
  for (size_t i = 0; i < images.size(); ++i) {
    if (!groups[static_cast<size_t>(twins.group[i])]) continue;
    const std::string picture = twins.blank[i] ? "" : picture_of(pictures, i);
    write({source, images.ids[i], picture, trained[i] ? "1" : "0"});
  }
  for (const auto& row : inherited.rows) write(row);
  file.write(text);
  file.commit();
}

Json weights_overlap(const ImageSet& images, const Split& split,
                     const Twins& twins, const Config& config) {
  if (!config.model.weights) return nullptr;
  const fs::path run = parent_run(config);
  Json overlap = {{"file", config.model.weights->file.string()},
                  {"run", run.empty() ? Json() : Json(run.string())},
                  {"trained_on", nullptr},
                  {"val", nullptr},
                  {"test", nullptr}};
  if (run.empty() || !fs::exists(run / kFile)) return overlap;
  const Seen table(table_of(run));
  const PictureMaker pictures(images);
  const std::string source = source_of(config.data);
  const auto seen = groups_where(twins, [&](size_t i) {
    return !twins.blank[i] &&
           table.has(source, images.ids[i], picture_of(pictures, i));
  });
  const auto trained = training_rows(split, images.size());
  const auto train = groups_where(
      twins, [&](size_t i) { return !twins.blank[i] && trained[i]; });
  overlap["trained_on"] = table.trained();
  overlap["val"] = part_json(split.val, twins, seen, train);
  overlap["test"] = part_json(split.test, twins, seen, train);
  return overlap;
}

void refuse_seen(const Json& overlap, Protocol protocol) {
  if (overlap.is_null() || overlap.at("run").is_null() ||
      leaks_by_design(protocol))
    return;
  const auto run = overlap.at("run").get<std::string>();
  if (overlap.at("test").is_null()) {
    fail<DataError>(
        "[audit] expected a run that tells what it was trained on; got none "
        "({}/{}, model.weights.file). Train it again with this version, or "
        "start from other weights.",
        run, kFile);
  }
  const Json &val = overlap.at("val"), &test = overlap.at("test");
  if (val.at("seen") == 0 && test.at("seen") == 0) return;
  fail<DataError>(
      "[audit] expected weights that have not seen the validation and test "
      "images; got {} of {} test rows and {} of {} validation rows, or twins "
      "of them, among the training images of {} (model.weights.file; "
      "data.split.protocol: {}). Train those weights without these photographs "
      "(docs/fine_tuning.md), or start from others.",
      test.at("seen").get<int64_t>(), test.at("rows").get<int64_t>(),
      val.at("seen").get<int64_t>(), val.at("rows").get<int64_t>(), run,
      word(protocol));
}

}  // namespace fer
