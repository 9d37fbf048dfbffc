#include <fmt/core.h>

#include <memory>
#include <numeric>

#include "cli/data_sheets.h"
#include "cli/experiment_options.h"
#include "cli/verbs.h"
#include "core/text.h"
#include "data/audit.h"
#include "data/clean_list.h"
#include "data/pack.h"
#include "data/source.h"
#include "data/split.h"

namespace fer {
namespace {

struct DataOptions : ExperimentOptions {
  std::string out;
  bool json = false;
  int count = 100;
};

std::string class_table(const ImageSet& images, const Json& counts) {
  std::vector<std::vector<std::string>> rows = {
      {"class", "train", "val", "test", "images"}};
  std::vector<int64_t> totals(images.class_names.size(), 0);
  for (const int64_t label : images.labels)
    ++totals[static_cast<size_t>(label)];
  for (size_t k = 0; k < totals.size(); ++k) {
    std::vector<std::string> row = {images.class_names[k]};
    for (const char* split : {"train", "val", "test"}) {
      row.push_back(std::to_string(
          counts.at(split).value(images.class_names[k], int64_t{0})));
    }
    row.push_back(std::to_string(totals[k]));
    rows.push_back(std::move(row));
  }
  return format_table(rows);
}

int info(const DataOptions& options) {
  const Config config = options.load();
  const ImageSet images = load_images(config.data, options.quiet);
  const Split split = make_split(images, config.data);
  const Json audit = audit_images(images, split, exact_twins(images));
  if (options.json) {
    const Json all = {{"images", images.size()},
                      {"channels", images.channels},
                      {"height", images.height},
                      {"width", images.width},
                      {"fingerprint", images.fingerprint},
                      {"class_counts", audit.at("class_counts")}};
    fmt::print("{}\n", json_text(all));
    return 0;
  }
  fmt::print(
      "{}{} images, {}x{}x{}, protocol {} (rows of train may repeat an image)\n"
      "fingerprint {}\n",
      class_table(images, audit.at("class_counts")), images.size(),
      images.width, images.height, images.channels,
      word(config.data.split.protocol), images.fingerprint);
  return 0;
}

int prepare(const DataOptions& options) {
  const Config config = options.load();
  const ImageSet images = load_images(config.data, options.quiet);
  const std::filesystem::path out =
      options.out.empty() ? config.experiment.name : options.out;
  const auto pack = out / "images.ferpack", sheet = out / "contact_sheet.png";
  write_pack(pack, images);
  write_class_sheet(sheet, images, options.count);
  fmt::print("{} images packed: {}\ncontact sheet: {}\n", images.size(),
             pack.string(), sheet.string());
  return 0;
}

int audit(const DataOptions& options) {
  const Config config = options.load();
  const ImageSet images = load_images(config.data, options.quiet);
  const Twins twins = cached_twins(images, config.data);
  const Split split = make_split(images, config.data);
  const Json audit = audit_images(images, split, twins);
  const std::filesystem::path out = options.out;
  if (!out.empty()) write_audit(out, config, images, split, twins, audit);
  fmt::print("{}", options.json ? json_text(audit) + "\n" : audit_text(audit));
  if (!out.empty() && !options.json)
    fmt::print("pictures: {}\n", (out / "audit.html").string());
  return 0;
}

int clean(const DataOptions& options) {
  const Config config = options.load();
  const ImageSet images = load_images(config.data, options.quiet);
  const auto rows = clean_images(images, cached_twins(images, config.data));
  const std::filesystem::path out =
      options.out.empty() ? config.experiment.name + "-kept.csv" : options.out;
  write_clean_list(out, images, rows);
  const Json counts = clean_counts(images, rows);
  if (options.json) {
    fmt::print("{}\n", json_text(counts));
    return 0;
  }
  std::vector<std::vector<std::string>> table = {{"verdict", "images"}};
  for (const auto& [key, count] : counts.items())
    table.push_back({key, count.dump()});
  fmt::print("{}list: {}\nuse it: -s data.split.keep={}\n", format_table(table),
             out.string(), out.string());
  return 0;
}

int browse(const DataOptions& options) {
  const Config config = options.load();
  const ImageSet images = load_images(config.data, options.quiet);
  const Split split = make_split(images, config.data);
  const std::filesystem::path out =
      options.out.empty() ? config.experiment.name + "-augmented.png"
                          : options.out;
  write_augmented_sheet(out, images, split, config, options.count);
  fmt::print("augmented samples: {}\n", out.string());
  return 0;
}

// Which options a verb has; `out`: what --out says, nullptr: no such option.
struct Options {
  const char* out = nullptr;
  bool count = false, json = false;
};

void add_verb(CLI::App& data, Action& action, const char* name,
              const char* text, int (*work)(const DataOptions&), Options has) {
  auto options = std::make_shared<DataOptions>();
  CLI::App* verb = data.add_subcommand(name, text);
  verb->footer(
      fmt::format("Example: ferbench data {} experiments/demo.yaml", name));
  options->add_to(*verb);
  if (has.out) verb->add_option("--out", options->out, has.out);
  if (has.count) {
    verb->add_option("--count", options->count, "Pictures on the sheet")
        ->check(CLI::Range(1, 1000));
  }
  if (has.json) verb->add_flag("--json", options->json, "Print JSON");
  verb->callback([options, work, &action] {
    action = [options, work] { return work(*options); };
  });
}

}  // namespace

void add_data(CLI::App& app, Action& action) {
  CLI::App* data = app.add_subcommand("data", "Look at an experiment's images");
  data->footer("Example: ferbench data info experiments/demo.yaml");
  data->require_subcommand(1);
  add_verb(*data, action, "info",
           "Counts per class and split, size, fingerprint", &info,
           {.json = true});
  add_verb(*data, action, "prepare", "Write a packed file and a contact sheet",
           &prepare, {.out = "Folder to write to", .count = true});
  add_verb(*data, action, "audit",
           "Duplicates, near twins, conflicts, blanks, leaks and drift", &audit,
           {.out = "Folder for audit.json and audit.html, the page with the "
                   "pictures",
            .json = true});
  add_verb(*data, action, "browse",
           "Contact sheet of augmented training images", &browse,
           {.out = "File to write", .count = true});
  add_verb(*data, action, "clean",
           "Write the list of images worth keeping, with a reason for each "
           "other",
           &clean, {.out = "File to write", .json = true});
}

}  // namespace fer
