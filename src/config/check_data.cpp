// Faults between the settings of data, split and augmentation.
#include <algorithm>
#include <set>

#include "config/check.h"
#include "config/faults.h"

namespace fer {

namespace {

void check_source(const DataConfig& data, SettingFaults& faults) {
  const bool drawn = data.source == SourceKind::kSynthetic;
  if (drawn && !data.path.empty()) {
    add_fault(
        faults, "data.path",
        "= {} is not used by data.source: synthetic. Write path: \"\", or "
        "name another source (folder, fer_csv, packed).",
        in_quotes(data.path.string()));
  }
  if (!drawn && data.path.empty()) {
    add_fault(
        faults, "data.path",
        "is missing: data.source: {} reads a {}. Write path: "
        "${{FERBENCH_DATA:-data}}/...",
        word(data.source),
        data.source == SourceKind::kFolder ? "folder or archive" : "file");
  }
  if (data.channels == 2) {
    add_fault(faults, "data.channels",
              "= 2 is neither gray nor RGB. Write 1 or 3.");
  }
}

void check_classes(const DataConfig& data, SettingFaults& faults) {
  std::set<std::string> seen;
  for (const std::string& name : data.classes) {
    if (name.empty()) {
      add_fault(faults, "data.classes", "holds an empty name. Remove it.");
    } else if (!seen.insert(name).second) {
      add_fault(faults, "data.classes", "names {} twice. Keep one.",
                in_quotes(name));
    }
  }
  if (data.classes.size() == 1) {
    add_fault(faults, "data.classes",
              "holds one class: there is nothing to tell apart. Name two or "
              "more, or none for all.");
  }
  for (const auto& [from, to] : data.relabel) {
    if (from != to && seen.contains(from)) {
      add_fault(faults, "data.relabel",
                "turns {0} into {1} before data.classes asks for {0}. Put {1} "
                "into data.classes.",
                in_quotes(from), in_quotes(to));
    }
  }
}

void check_report_protocol(const DataConfig& data, SettingFaults& faults) {
  if (data.classes.size() != 2) {
    add_fault(faults, "data.split.protocol",
              "= report is defined for two classes; data.classes has {}. Write "
              "classes: [happy, sad].",
              data.classes.empty() ? "none (all)"
                                   : std::to_string(data.classes.size()));
  }
  if (data.split.upsample) {
    add_fault(faults, "data.split.upsample",
              "= true with data.split.protocol: report, which upsamples by "
              "itself (before the split: that is its leak). Write false.");
  }
  if (data.split.drop_duplicates) {
    add_fault(faults, "data.split.drop_duplicates",
              "= true contradicts data.split.protocol: report, which leaks by "
              "design. Write false, or protocol: random.");
  }
}

void check_split(const DataConfig& data, SettingFaults& faults) {
  const SplitConfig& split = data.split;
  if (split.protocol == Protocol::kReport) check_report_protocol(data, faults);
  if (split.protocol == Protocol::kRandom &&
      split.validation + split.test >= 1.0) {
    add_fault(faults, "data.split.validation",
              "= {} and data.split.test = {} leave nothing to train on. Keep "
              "their sum below 1.",
              split.validation, split.test);
  }
}

}  // namespace

void check_data(const Config& config, SettingFaults& faults) {
  check_source(config.data, faults);
  check_classes(config.data, faults);
  check_split(config.data, faults);
  if (config.augment.cutout_probability > 0 &&
      config.augment.cutout_size >= config.data.image_size) {
    add_fault(faults, "augment.cutout_size",
              "= {} covers the whole image: data.image_size = {}. Make it "
              "smaller.",
              config.augment.cutout_size, config.data.image_size);
  }
}

}  // namespace fer
