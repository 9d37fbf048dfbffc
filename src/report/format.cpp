#include "report/format.h"

#include <fmt/core.h>

#include <cmath>
#include <map>

namespace fer {
namespace {

const std::map<std::string_view, std::string_view> kTitles = {
    {"n", "Images"},
    {"auc", "ROC AUC, from scores"},
    {"auc_from_hard_labels", "ROC AUC, from hard labels"},
    {"f1", "F1"},
    {"macro_f1", "Macro F1"},
    {"weighted_f1", "Weighted F1"},
    {"mcc", "Matthews correlation"},
    {"log_loss", "Log loss"},
    {"brier", "Brier score"},
};

}  // namespace

std::string format_count(double value) {
  std::string digits = fmt::format("{:.0f}", std::abs(value));
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return (value < 0 ? "-" : "") + digits;
}

std::string format_percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string format_share(double value) { return fmt::format("{:.4f}", value); }

std::string format_number(double value) {
  if (!std::isfinite(value)) return "not a number";
  const double size = std::abs(value);
  if (value == std::round(value) && size < 1e15) return format_count(value);
  return size < 1e-3 || size >= 1e6 ? fmt::format("{:.2e}", value)
                                    : format_share(value);
}

std::string capital(std::string word) {
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') word[0] -= 'a' - 'A';
  return word;
}

std::string metric_title(std::string_view key) {
  if (const auto found = kTitles.find(key); found != kTitles.end())
    return std::string(found->second);
  std::string title(key);
  for (char& c : title)
    if (c == '_' || c == '.') c = ' ';
  if (title.ends_with(" f1")) title[title.size() - 2] = 'F';
  return capital(title);
}

}  // namespace fer
