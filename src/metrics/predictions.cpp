#include "metrics/predictions.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <unordered_map>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "metrics/probability.h"

namespace fer {
namespace {

using RowPlace = std::function<std::string(size_t row)>;

void check_class_names(const std::vector<std::string>& names,
                       const std::string& place) {
  if (names.size() < 2) {
    fail<DataError>(
        "[predictions] expected two or more classes; got {} ({}). "
        "Each class needs a name and a column p_<class>.",
        names.size(), place);
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) {
      fail<DataError>(
          "[predictions] expected a name for every class; got an empty one "
          "for label {} ({}).",
          i, place);
    }
    if (std::count(names.begin(), names.end(), names[i]) > 1) {
      fail<DataError>(
          "[predictions] expected different class names; got '{}' twice ({}).",
          names[i], place);
    }
  }
}

void check_rows(const Predictions& p, const RowPlace& place) {
  const size_t classes = p.classes();
  for (size_t i = 0; i < p.size(); ++i) {
    const std::string fault =
        row_fault({p.probabilities.data() + i * classes, classes});
    if (!fault.empty()) {
      fail<DataError>(
          "[predictions] expected probabilities in [0, 1] that sum to 1 within "
          "{}; got {} ({}). Write a softmax computed in float32 or better.",
          kRowSumTolerance, fault, place(i));
    }
  }
}

void check_labels(const std::vector<int64_t>& labels, size_t classes,
                  const char* what) {
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= static_cast<int64_t>(classes)) {
      fail<DataError>(
          "[predictions] expected {} in [0, {}); got {} (row {}). "
          "Labels are indices into class_names.",
          what, classes, labels[i], i);
    }
  }
}

/// Looks names up, and says where an unknown one stands.
class LabelTable {
 public:
  explicit LabelTable(const std::vector<std::string>& names) : names_(names) {
    for (size_t k = 0; k < names.size(); ++k)
      labels_.emplace(names[k], static_cast<int64_t>(k));
  }

  int64_t label(const std::string& name, const char* column,
                const std::string& place) const {
    const auto found = labels_.find(name);
    if (found != labels_.end()) return found->second;
    const std::string near = nearest(name, names_);
    fail<DataError>(
        "[predictions] expected a class name in column '{}'; got '{}' ({}). "
        "{}The classes are {}.",
        column, name, place,
        near.empty() ? "" : fmt::format("Did you mean '{}'? ", near),
        join(names_, ", "));
  }

 private:
  const std::vector<std::string>& names_;
  std::unordered_map<std::string, int64_t> labels_;
};

double parse_probability(const std::string& text, const std::string& column,
                         const std::string& place) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) {
    fail<DataError>(
        "[predictions] expected a number in column '{}'; got '{}' ({}).",
        column, text, place);
  }
  return value;
}

// The names in p_<class>; the other columns must be the three known ones.
std::vector<std::string> class_columns(const CsvTable& table,
                                       const std::string& path) {
  const std::vector<std::string> head = {"id", "label", "predicted"};
  for (size_t i = 0; i < head.size(); ++i) {
    if (i >= table.columns.size() || table.columns[i] != head[i]) {
      fail<DataError>(
          "[predictions] expected the columns id, label, predicted, "
          "p_<class>...; got {} ({}:1:1). Write the file again with "
          "`ferbench evaluate`.",
          join(table.columns, ", "), path);
    }
  }
  std::vector<std::string> names;
  for (size_t i = head.size(); i < table.columns.size(); ++i) {
    if (table.columns[i].rfind("p_", 0) != 0) {
      fail<DataError>(
          "[predictions] expected a column p_<class>; got '{}' ({}:1:1). "
          "Remove or rename it.",
          table.columns[i], path);
    }
    names.push_back(table.columns[i].substr(2));
  }
  return names;
}

}  // namespace

std::vector<double> Predictions::scores(size_t k) const {
  std::vector<double> column(size());
  for (size_t i = 0; i < size(); ++i) column[i] = probability(i, k);
  return column;
}

std::vector<double> Predictions::hard_scores(size_t k) const {
  std::vector<double> column(size());
  for (size_t i = 0; i < size(); ++i)
    column[i] = predicted[i] == static_cast<int64_t>(k) ? 1.0 : 0.0;
  return column;
}

void check_predictions(const Predictions& p) {
  check_class_names(p.class_names, "class_names");
  const size_t n = p.size();
  if (p.ids.size() != n || p.predicted.size() != n ||
      p.probabilities.size() != n * p.classes()) {
    fail<DataError>(
        "[predictions] expected {} ids, {} predicted labels and {} x {} "
        "probabilities, as there are labels; got {}, {} and {}.",
        n, n, n, p.classes(), p.ids.size(), p.predicted.size(),
        p.probabilities.size());
  }
  check_labels(p.labels, p.classes(), "labels");
  check_labels(p.predicted, p.classes(), "predicted labels");
  check_rows(
      p, [&](size_t i) { return fmt::format("row {}, id '{}'", i, p.ids[i]); });
}

void write_predictions(const std::filesystem::path& path,
                       const Predictions& p) {
  check_predictions(p);
  std::vector<std::string> head = {"id", "label", "predicted"};
  for (const std::string& name : p.class_names) head.push_back("p_" + name);
  std::vector<std::string> names;
  for (const std::string& name : p.class_names)
    names.push_back(csv_field(name));
  std::string text = csv_line(head) + "\n";
  for (size_t i = 0; i < p.size(); ++i) {
    text += csv_field(p.ids[i]) + ',';
    text += names[static_cast<size_t>(p.labels[i])] + ',';
    text += names[static_cast<size_t>(p.predicted[i])];
    for (size_t k = 0; k < p.classes(); ++k)
      text += ',' + csv_number(p.probability(i, k));
    text += '\n';
  }
  write_file(path, text);
}

Predictions read_predictions(const std::filesystem::path& path) {
  CsvTable table = read_csv(path);
  Predictions p;
  p.class_names = class_columns(table, path.string());
  check_class_names(p.class_names, path.string() + ":1:1");
  const LabelTable labels(p.class_names);
  const RowPlace place = [&](size_t i) {
    return fmt::format("{}:{}", path.string(), i + 2);
  };
  const size_t n = table.rows.size();
  p.ids.reserve(n);
  p.labels.reserve(n);
  p.predicted.reserve(n);
  p.probabilities.reserve(n * p.classes());
  for (size_t i = 0; i < n; ++i) {
    std::vector<std::string>& row = table.rows[i];
    const std::string here = place(i);
    p.ids.push_back(std::move(row[0]));
    p.labels.push_back(labels.label(row[1], "label", here));
    p.predicted.push_back(labels.label(row[2], "predicted", here));
    for (size_t c = 3; c < row.size(); ++c)
      p.probabilities.push_back(
          parse_probability(row[c], table.columns[c], here));
  }
  check_rows(p, place);
  return p;
}

}  // namespace fer
