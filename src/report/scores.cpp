#include "report/scores.h"

namespace fer {
namespace {

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::optional<double> number(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::string text(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  return value && value->is_string() ? value->get<std::string>() : "";
}

std::vector<std::string> score_classes(const Json& scores) {
  std::vector<std::string> names;
  const Json* classes = member(scores, "classes");
  if (!classes || !classes->is_object()) return names;
  for (const auto& [name, value] : classes->items()) names.push_back(name);
  return names;
}

std::vector<std::vector<double>> confusion_of(const Json& scores) {
  const Json* rows = member(scores, "confusion_matrix");
  if (!rows || !rows->is_array()) return {};
  std::vector<std::vector<double>> matrix;
  for (const Json& row : *rows) {
    if (!row.is_array() || row.size() != rows->size()) return {};
    matrix.emplace_back();
    for (const Json& cell : row) {
      if (!cell.is_number()) return {};
      matrix.back().push_back(cell.get<double>());
    }
  }
  return matrix;
}

ReportRow report_row(const Json& scores) {
  const std::string positive = text(scores, "positive_class");
  const Json* classes = member(scores, "classes");
  const Json* of = classes ? member(*classes, positive) : nullptr;
  if (of && score_classes(scores).size() == 2) {
    return {positive, number(scores, "accuracy"), number(*of, "precision"),
            number(*of, "recall"), number(*of, "f1")};
  }
  return {"", number(scores, "accuracy"), number(scores, "macro_precision"),
          number(scores, "macro_recall"), number(scores, "macro_f1")};
}

}  // namespace fer
