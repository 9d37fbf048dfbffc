// The numbers that a source published, each with its place in the text:
// results/published/*.yaml. docs/reproduce.md explains the keys. The fields()
// of each record, with a sentence per key, stand in published.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reproduce/rounding.h"

namespace fer {

/// Images that something was measured on.
struct PublishedSet {
  std::string name;
  std::string split;   ///< of our runs: train, val, test
  int64_t images = 0;  ///< 0: the source does not say
  std::vector<int64_t> candidates;
  std::string where;
  std::string note;
  std::map<std::string, int64_t> classes;  ///< images by class, if known

  static constexpr auto fields();
};

struct PublishedTable {
  std::string name, title, where;

  static constexpr auto fields();
};

/// A published model and the experiments that repeat it.
struct PublishedModel {
  std::string name, title;
  std::vector<std::string> report, clean, wrong_direction;
  std::string report_file, clean_file;
  std::string needs;
  std::string stand_in;  ///< smaller model shown while this one has no runs
  std::string position;  ///< file:line:col

  static constexpr auto fields();
};

struct PublishedValue {
  std::string metric;  ///< one of published_metrics()
  PrintedNumber number;
  std::string position;  ///< file:line:col
};

/// Numbers measured together: one model, one set, one class.
struct PublishedClaim {
  std::string table, model, set, positive, printed = "rounded", where;
  std::vector<std::string> doubts;
  std::vector<PublishedValue> values;
  std::string position;  ///< file:line:col

  const PublishedValue* find(std::string_view metric) const;

  static constexpr auto fields();
};

/// A number that no run can repeat: a count of images, a rank, a product.
struct OtherNumber {
  std::string what, value, where, note;

  static constexpr auto fields();
};

struct Published {
  std::string source;  ///< "000_fernet", the file's name
  std::string title, published, classes_note;
  std::vector<std::string> classes;
  std::vector<PublishedSet> sets;
  std::vector<PublishedTable> tables;
  std::vector<PublishedModel> models;
  std::vector<PublishedClaim> claims;
  std::vector<OtherNumber> other;

  const PublishedSet& set(const std::string& name) const;
  const PublishedModel& model(const std::string& name) const;

  static constexpr auto fields();
};

/// accuracy, precision, recall, specificity, f1, class_accuracy, log_loss,
/// auc, auc_from_hard_labels, parameters, trainable_parameters.
const std::vector<std::string>& published_metrics();

/// ConfigError with all faults, each "file:line:col: ...": what the YAML reader
/// finds, unknown keys, names that nothing defines, numbers that are none.
Published read_published(const std::filesystem::path& path);
Published parse_published(const std::string& text, const std::string& name);

/// All *.yaml of a folder by name. DataError when there are none.
std::vector<Published> read_published_folder(
    const std::filesystem::path& folder);

}  // namespace fer
