#include "metrics/tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace {

const Json& at(const Json& json, const std::string& key) {
  if (!json.is_object() || !json.contains(key)) {
    fail<DataError>(
        "[tables] expected '{}' in the metrics; it is missing. Write "
        "metrics.json again with `ferbench evaluate`.",
        key);
  }
  return json[key];
}

double number(const Json& json, const std::string& key) {
  const Json& value = at(json, key);
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) {
    fail<DataError>(
        "[tables] expected a number or null for '{}'; got {}. Write "
        "metrics.json again with `ferbench evaluate`.",
        key, value.dump());
  }
  return value.get<double>();
}

std::vector<std::string> class_names(const Json& metrics) {
  const Json& names = at(metrics, "class_names");
  const bool fits =
      names.is_array() && !names.empty() &&
      std::all_of(names.begin(), names.end(),
                  [](const Json& name) { return name.is_string(); });
  if (!fits) {
    fail<DataError>(
        "[tables] expected a list of names for 'class_names'; got {}.",
        names.dump());
  }
  return names.get<std::vector<std::string>>();
}

// "" for more than two classes.
std::string positive_class(const Json& metrics) {
  const Json& name = at(metrics, "positive_class");
  return name.is_string() ? name.get<std::string>() : "";
}

// Of UTF-8 text: the bytes that do not continue a character. As Python counts.
size_t characters(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string right(const std::string& text, size_t width) {
  const size_t size = characters(text);
  return std::string(width > size ? width - size : 0, ' ') + text;
}

std::string decimals(double value, int digits) {
  return std::isnan(value) ? "nan" : fmt::format("{:.{}f}", value, digits);
}

std::string report_row(const std::string& name, const Json& scores,
                       const std::string& prefix, int64_t support, size_t width,
                       int digits) {
  std::string line = right(name, width) + ' ';
  for (const char* key : {"precision", "recall", "f1"}) {
    line +=
        fmt::format(" {:>9}", decimals(number(scores, prefix + key), digits));
  }
  return line + fmt::format(" {:>9}\n", support);
}

// counts[i][j] of the matrix, checked to be K x K.
std::vector<std::vector<int64_t>> counts(const Json& metrics, size_t classes) {
  const Json& matrix = at(metrics, "confusion_matrix");
  bool fits = matrix.is_array() && matrix.size() == classes;
  for (size_t i = 0; fits && i < classes; ++i) {
    const Json& row = matrix[i];
    fits = row.is_array() && row.size() == classes &&
           std::all_of(row.begin(), row.end(), [](const Json& count) {
             return count.is_number_integer();
           });
  }
  if (!fits) {
    fail<DataError>(
        "[tables] expected {} x {} counts for 'confusion_matrix'; got {}.",
        classes, classes, matrix.dump());
  }
  return matrix.get<std::vector<std::vector<int64_t>>>();
}

std::string cell(int64_t count, int64_t row_sum, bool normalise) {
  if (!normalise) return fmt::format("{}", count);
  if (row_sum == 0) return "-";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(count) /
                                     static_cast<double>(row_sum));
}

// Rows of cells in columns as wide as their widest cell.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], characters(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    text += row[0] + std::string(widths[0] - characters(row[0]), ' ');
    for (size_t i = 1; i < row.size(); ++i)
      text += "  " + right(row[i], widths[i]);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

std::string caption(const Json& metrics) {
  const std::string name = positive_class(metrics);
  if (name.empty()) {
    return fmt::format("precision, recall, F1: macro average of {} classes",
                       class_names(metrics).size());
  }
  return fmt::format("precision, recall, F1: positive class {}", name);
}

}  // namespace

std::string classification_table(const Json& metrics, int digits) {
  const std::vector<std::string> names = class_names(metrics);
  const Json& classes = at(metrics, "classes");
  const auto n = static_cast<int64_t>(number(metrics, "n"));
  size_t width = std::max(std::string_view("weighted avg").size(),
                          static_cast<size_t>(digits));
  for (const std::string& name : names)
    width = std::max(width, characters(name));
  std::string text =
      fmt::format("{:>{}}  {:>9} {:>9} {:>9} {:>9}\n\n", "", width, "precision",
                  "recall", "f1-score", "support");
  for (const std::string& name : names) {
    const Json& scores = at(classes, name);
    const auto support = static_cast<int64_t>(number(scores, "support"));
    text += report_row(name, scores, "", support, width, digits);
  }
  text += fmt::format("\n{:>{}}{:>31} {:>9}\n", "accuracy", width,
                      decimals(number(metrics, "accuracy"), digits), n);
  text += report_row("macro avg", metrics, "macro_", n, width, digits);
  text += report_row("weighted avg", metrics, "weighted_", n, width, digits);
  const std::string positive = positive_class(metrics);
  return positive.empty() ? text
                          : text + "\npositive class: " + positive + "\n";
}

std::string confusion_table(const Json& metrics, bool normalise) {
  const std::vector<std::string> names = class_names(metrics);
  const auto matrix = counts(metrics, names.size());
  std::vector<std::vector<std::string>> rows = {{"true \\ predicted"}};
  rows[0].insert(rows[0].end(), names.begin(), names.end());
  for (size_t i = 0; i < names.size(); ++i) {
    int64_t sum = 0;
    for (const int64_t count : matrix[i]) sum += count;
    rows.push_back({names[i]});
    for (const int64_t count : matrix[i])
      rows.back().push_back(cell(count, sum, normalise));
  }
  const std::string positive = positive_class(metrics);
  return std::string(
             "confusion matrix: rows are true classes, columns "
             "predicted ones") +
         (normalise ? ", per cent of the row" : "") +
         (positive.empty() ? "" : "; positive class " + positive) + "\n" +
         aligned(rows);
}

std::string report_table(
    const std::vector<std::pair<std::string, Json>>& rows) {
  if (rows.empty())
    fail<DataError>("[tables] expected at least one row; got none.");
  const std::string head = caption(rows[0].second);
  std::vector<std::vector<std::string>> cells = {
      {"", "accuracy", "precision", "recall", "F1", "loss"}};
  for (const auto& [name, metrics] : rows) {
    if (caption(metrics) != head) {
      fail<DataError>(
          "[tables] expected rows of one kind ({}); got another in row '{}' "
          "({}). Print them apart.",
          head, name, caption(metrics));
    }
    const std::string positive = positive_class(metrics);
    const Json& scores =
        positive.empty() ? metrics : at(at(metrics, "classes"), positive);
    const std::string prefix = positive.empty() ? "macro_" : "";
    cells.push_back({name, decimals(number(metrics, "accuracy"), 3)});
    for (const char* key : {"precision", "recall", "f1"})
      cells.back().push_back(decimals(number(scores, prefix + key), 3));
    cells.back().push_back(decimals(number(metrics, "log_loss"), 3));
  }
  return head + "\n" + aligned(cells);
}

}  // namespace fer
