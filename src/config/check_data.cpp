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
  if (!data.split.keep.empty()) {
    add_fault(faults, "data.split.keep",
              "= {} contradicts data.split.protocol: report, which uses every "
              "image. Write keep: \"\", or protocol: clean.",
              in_quotes(data.split.keep.string()));
  }
}

// A protocol whose name promises no twins must not be told to ignore them.
void check_twins(const DataConfig& data, SettingFaults& faults) {
  const char* name = word(data.split.protocol);
  if (!data.split.group_duplicates) {
    add_fault(faults, "data.split.group_duplicates",
              "= false contradicts data.split.protocol: {}, which never parts "
              "twins. Write true, or protocol: random.",
              name);
  }
  if (!data.twins.near) {
    add_fault(faults, "data.twins.near",
              "= false contradicts data.split.protocol: {}, which never parts "
              "near twins. Write true, or protocol: random.",
              name);
  }
}

void check_fold(const SplitConfig& split, SettingFaults& faults) {
  if (split.protocol != Protocol::kKfold) {
    if (split.fold == 0) return;
    add_fault(faults, "data.split.fold",
              "= {} is for kfold, but data.split.protocol = {}. Write 0.",
              split.fold, word(split.protocol));
  } else if (split.fold >= split.folds) {
    add_fault(faults, "data.split.fold",
              "= {} is not one of data.split.folds = {}. Write 0 to {}.",
              split.fold, split.folds, split.folds - 1);
  }
}

void check_split(const DataConfig& data, SettingFaults& faults) {
  const SplitConfig& split = data.split;
  const Protocol protocol = split.protocol;
  const bool clean = protocol == Protocol::kClean;
  const bool kfold = protocol == Protocol::kKfold;
  if (protocol == Protocol::kReport) check_report_protocol(data, faults);
  if (clean || kfold || protocol == Protocol::kOfficialClean)
    check_twins(data, faults);
  if ((clean || kfold) && !split.stratify) {
    add_fault(faults, "data.split.stratify",
              "= false contradicts data.split.protocol: {}, which keeps the "
              "class shares. Write true, or protocol: random.",
              word(protocol));
  }
  check_fold(split, faults);
  if ((clean || protocol == Protocol::kRandom) &&
      split.validation + split.test >= 1.0) {
    add_fault(faults, "data.split.validation",
              "= {} and data.split.test = {} leave nothing to train on. Keep "
              "their sum below 1.",
              split.validation, split.test);
  }
}

void check_labels(const DataConfig& data, SettingFaults& faults) {
  if (data.labels != LabelKind::kFolder && data.ferplus.empty()) {
    add_fault(faults, "data.ferplus",
              "is missing: data.labels: {} reads FER+'s votes. Write ferplus: "
              "${{FERBENCH_DATA:-data}}/ferplus.csv.",
              word(data.labels));
  }
  if (data.source == SourceKind::kSynthetic && !data.ferplus.empty()) {
    add_fault(faults, "data.ferplus",
              "= {} has no votes on the drawn faces of data.source: synthetic. "
              "Write ferplus: \"\".",
              in_quotes(data.ferplus.string()));
  }
}

}  // namespace

void check_data(const Config& config, SettingFaults& faults) {
  check_source(config.data, faults);
  check_classes(config.data, faults);
  check_labels(config.data, faults);
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
