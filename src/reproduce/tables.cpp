#include "reproduce/tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/format.h"

namespace fer {
namespace {

constexpr const char* kCommand = "ferbench reproduce";

const char* split_words(const std::string& split) {
  if (split == "train") return "training ";
  if (split == "val") return "validation ";
  return "";
}

std::string metric_words(const std::string& metric) {
  if (metric == "f1") return "F1";
  if (metric == "log_loss") return "loss";
  if (metric == "auc") return "AUC";
  if (metric == "auc_from_hard_labels") return "AUC of decisions";
  if (metric == "class_accuracy") return "accuracy";
  std::string words = metric;
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string in_markdown(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + in_markdown(cell) + " |";
  return line + "\n";
}

std::string markdown_table(const std::vector<std::vector<std::string>>& rows) {
  std::string text = markdown_row(rows[0]) + "|";
  for (size_t i = 0; i < rows[0].size(); ++i) text += " --- |";
  text += "\n";
  for (size_t i = 1; i < rows.size(); ++i) text += markdown_row(rows[i]);
  return text + "\n";
}

std::vector<std::vector<std::string>> cell_rows(const SourceResult& source,
                                                const std::string& table) {
  std::vector<std::vector<std::string>> rows = {{"model", "score", "reported",
                                                 "report", "clean", "verdict",
                                                 "arithmetic"}};
  for (const ClaimResult* claim : claims_of(source, table)) {
    for (const Cell& cell : claim->cells) {
      rows.push_back({source.published.model(claim->claim.model).title,
                      score_words(source.published, claim->claim, cell.metric),
                      cell.reported.text,
                      measured_text(cell.reported, cell.report),
                      measured_text(cell.reported, cell.clean),
                      verdict_words(cell), verdict_name(claim->check.verdict)});
    }
  }
  return rows;
}

bool has_runs(const SourceResult& source, const std::string& table) {
  return std::ranges::any_of(claims_of(source, table), [](const auto* claim) {
    return std::ranges::any_of(claim->cells, [](const Cell& cell) {
      return cell.report || cell.clean;
    });
  });
}

/// What the claims of one table say about themselves.
std::string claim_notes(const SourceResult& source, const std::string& table) {
  std::string text;
  for (const ClaimResult* result : claims_of(source, table)) {
    const PublishedClaim& claim = result->claim;
    std::vector<std::string> scores;
    for (const PublishedValue& value : claim.values)
      scores.push_back(score_words(source.published, claim, value.metric) +
                       " " + value.number.text);
    text += fmt::format(
        "- {}, {} ({}). Arithmetic: **{}**. {}\n",
        source.published.model(claim.model).title, join(scores, ", "),
        claim.where, verdict_name(result->check.verdict), result->check.text);
    for (const std::string& doubt : claim.doubts)
      text += fmt::format("  - {}\n", doubt);
  }
  return text + "\n";
}

std::string runs_list(const SourceResult& source) {
  std::string text;
  for (const ModelRuns& runs : source.runs) {
    text += fmt::format("- {}: report: {}; clean: {}\n", runs.title,
                        runs.report.empty() ? "not run" : runs.report,
                        runs.clean.empty() ? "not run" : runs.clean);
  }
  return text + "\n";
}

std::string sizes_list(const Published& published) {
  std::string text;
  for (const PublishedSet& set : published.sets) {
    text += fmt::format(
        "- {}: {} ({}){}\n", set.name,
        set.images > 0
            ? format_count(static_cast<double>(set.images)) + " images"
            : "size not stated",
        set.where, set.note.empty() ? "" : ". " + set.note);
  }
  return text + "\n";
}

std::string other_numbers(const Published& published) {
  if (published.other.empty()) return "";
  std::vector<std::vector<std::string>> rows = {
      {"other number", "as printed", "where", "note"}};
  for (const OtherNumber& other : published.other)
    rows.push_back({other.what, other.value, other.where, other.note});
  return markdown_table(rows);
}

std::string source_markdown(const SourceResult& source) {
  const Published& published = source.published;
  std::string text = fmt::format(
      "## {}: {}\n\n{}\n\nRuns:\n\n{}", published.source, published.title,
      count_verdicts(source).text(), runs_list(source));
  for (const PublishedTable& table : published.tables) {
    text += fmt::format("### {}: {}\n\nIn the source: {}.\n\n{}{}", table.name,
                        table.title, table.where,
                        markdown_table(cell_rows(source, table.name)),
                        claim_notes(source, table.name));
  }
  for (const std::string& shares : source.shares)
    text += fmt::format("**Impossible together.** {}\n\n", shares);
  return text + "Image sets:\n\n" + sizes_list(published) +
         other_numbers(published);
}

std::string fault_markdown(const ReportFault& fault) {
  std::string text = fmt::format("### {}\n\n", fault.title);
  for (const std::string& paragraph : fault.text) text += paragraph + "\n\n";
  return text + markdown_table(fault.table);
}

std::string missing_list(const Reproduction& reproduction) {
  std::string text;
  for (const Missing& missing : reproduction.missing)
    text += missing.command +
            (missing.needs.empty() ? "" : "   # needs " + missing.needs) + "\n";
  return text;
}

}  // namespace

std::string score_words(const Published& published, const PublishedClaim& claim,
                        const std::string& metric) {
  std::string words = split_words(published.set(claim.set).split);
  if (metric.ends_with("parameters")) words.clear();
  words += metric_words(metric);
  if (published.classes.size() > 2 && !claim.positive.empty())
    words += " of " + claim.positive;
  return words;
}

std::string measured_text(const PrintedNumber& printed,
                          const std::optional<Measured>& measured) {
  if (!measured) return "not run";
  if (measured->interval.low == measured->interval.high &&
      measured->mean == std::round(measured->mean) && measured->mean > 1)
    return format_count(measured->mean);
  const double scale = printed.percent ? 100 : 1;
  const int digits = printed.percent ? 2 : 4;
  std::string text = fmt::format("{:.{}f}", scale * measured->mean, digits) +
                     (printed.percent ? "%" : "");
  if (measured->seeds > 1)
    text += fmt::format(" ± {:.{}f}", scale * measured->std, digits);
  return text + fmt::format(" [{:.{}f}, {:.{}f}], n = {}",
                            scale * measured->interval.low, digits - 1,
                            scale * measured->interval.high, digits - 1,
                            measured->seeds);
}

std::string verdict_words(const Cell& cell) {
  std::string words = verdict_name(cell.verdict);
  if (cell.verdict == CellVerdict::kNotReproduced) {
    words += cell.report->mean > cell.reported.value() ? ", higher here"
                                                       : ", lower here";
  }
  return words;
}

void VerdictCounts::add(const ClaimResult& claim) {
  for (const Cell& cell : claim.cells) {
    reproduced += cell.verdict == CellVerdict::kReproduced;
    not_reproduced += cell.verdict == CellVerdict::kNotReproduced;
    explained += cell.verdict == CellVerdict::kExplainedByLeak;
    not_run += cell.verdict == CellVerdict::kNotRun;
  }
  impossible += claim.check.verdict == ArithmeticCheck::Verdict::kImpossible;
}

std::string VerdictCounts::text() const {
  std::string words = fmt::format(
      "{} cells: {} reproduced, {} explained by the leak, {} not reproduced, "
      "{} not run.",
      reproduced + explained + not_reproduced + not_run, reproduced, explained,
      not_reproduced, not_run);
  if (impossible > 0) {
    words += fmt::format(" {} claim{} arithmetically impossible.", impossible,
                         impossible == 1 ? " is" : "s are");
  }
  return words;
}

VerdictCounts count_verdicts(const SourceResult& source) {
  VerdictCounts counts;
  for (const ClaimResult& claim : source.claims) counts.add(claim);
  return counts;
}

std::vector<const ClaimResult*> claims_of(const SourceResult& source,
                                          const std::string& table) {
  std::vector<const ClaimResult*> claims;
  for (const ClaimResult& claim : source.claims)
    if (claim.claim.table == table) claims.push_back(&claim);
  return claims;
}

std::string reproduction_text(const Reproduction& reproduction) {
  std::string text;
  for (const SourceResult& source : reproduction.sources) {
    for (const PublishedTable& table : source.published.tables) {
      if (!has_runs(source, table.name)) continue;
      text += fmt::format("{}: {}\n\n{}\n", table.name, table.title,
                          format_table(cell_rows(source, table.name)));
    }
  }
  for (const SourceResult& source : reproduction.sources)
    text +=
        source.published.source + ": " + count_verdicts(source).text() + "\n";
  if (!reproduction.missing.empty())
    text += "\nNot run; to fill the gaps:\n" + missing_list(reproduction);
  return text;
}

std::string reproduction_markdown(const Reproduction& reproduction) {
  std::string text = fmt::format(
      "# Published tables, reproduced\n\nWritten by `{}` from stored "
      "predictions. What each column, interval and verdict means: "
      "[docs/reproduce.md](../docs/reproduce.md). `report` is the source's "
      "own pipeline, its leak included; `clean` is the same training without "
      "the leak. Never compare numbers across the two columns as if they "
      "stood on one leaderboard.\n\n",
      kCommand);
  for (const SourceResult& source : reproduction.sources)
    text += fmt::format("- {}: {}\n", source.published.source,
                        count_verdicts(source).text());
  text += "\n";
  for (const SourceResult& source : reproduction.sources) {
    text += source_markdown(source);
    for (const ReportFault& fault : source.faults)
      text += fault_markdown(fault);
  }
  if (reproduction.missing.empty()) return text;
  return text + "## Not run\n\n```\n" + missing_list(reproduction) + "```\n";
}

}  // namespace fer
