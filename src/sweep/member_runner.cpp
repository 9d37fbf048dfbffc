#include "sweep/member_runner.h"

#include <algorithm>
#include <deque>

#include "core/error.h"
#include "core/text.h"
#include "sweep/log_tail.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr double kLookSeconds = 0.1;
constexpr size_t kShownLines = 5;
constexpr int kInterruptedCode = 130;

Member& find(std::vector<Member>& members, const std::string& name) {
  return *std::ranges::find(members, name, &Member::name);
}

}  // namespace

void look_at(Member& member, const std::string& metric) {
  clear_unborn(member.run_dir);
  member.progress = read_run_state(member.run_dir, member.config, metric);
  if (!member.progress.begun) return;
  const auto others = changed_settings(member.run_dir, member.config);
  if (!others.empty()) {
    fail<ConfigError>(
        "[runs] expected the settings that {} began with; got others for {} "
        "({}/config.yaml). Give the experiment another name, or name another "
        "folder with --out.",
        member.name, join(others, ", "), member.run_dir.string());
  }
  if (member.progress.complete) member.state = MemberState::kDone;
}

std::vector<std::string> child_arguments(const Member& member,
                                         const ChildRecipe& recipe,
                                         const Slot& slot, bool shared) {
  const std::string run_dir = member.run_dir.string();
  std::vector<std::string> words = {recipe.program.string(), "run"};
  if (member.progress.begun) {
    words.insert(words.end(),
                 {run_dir + "/config.yaml", "--resume", "--out", run_dir});
  } else {
    words.push_back(recipe.experiment);
    for (const std::string& setting : member.settings)
      words.insert(words.end(), {"-s", setting});
    if (shared && member.config.train.threads == 0) {
      words.insert(words.end(),
                   {"-s", fmt::format("train.threads={}", slot.cores.size())});
    }
    words.insert(words.end(), {"--out", run_dir});
  }
  words.insert(words.end(), recipe.options.begin(), recipe.options.end());
  return words;
}

MemberRunner::MemberRunner(ChildRecipe recipe, std::vector<Slot> slots,
                           LiveTable& table, std::function<bool()> interrupted,
                           std::function<void()> changed)
    : recipe_(std::move(recipe)),
      slots_(std::move(slots)),
      table_(table),
      interrupted_(std::move(interrupted)),
      changed_(std::move(changed)),
      pool_(slots_) {}

bool MemberRunner::reached(const Member& member) const {
  return member.progress.complete ||
         (until_ > 0 && member.progress.epoch >= until_);
}

bool MemberRunner::run(std::vector<Member>& members,
                       const std::vector<size_t>& which, int until_epoch) {
  until_ = until_epoch;
  std::deque<size_t> queue(which.begin(), which.end());
  while (!queue.empty() || !pool_.idle()) {
    if (!stopping_ && interrupted_()) {
      stopping_ = true;
      pool_.stop_all();
    }
    if (stopping_) queue.clear();
    while (!queue.empty() && !pool_.full()) {
      start(members[queue.front()]);
      queue.pop_front();
    }
    // Before the wait: a child may start and end within it.
    table_.update(table_rows(members, until_));
    for (const ChildEnd& end : pool_.wait(kLookSeconds))
      settle(find(members, end.name), end);
    watch(members);
  }
  table_.finish(table_rows(members, until_));
  return !stopping_;
}

void MemberRunner::start(Member& member) {
  if (reached(member)) {
    member.state =
        member.progress.complete ? MemberState::kDone : MemberState::kPaused;
    return;
  }
  const bool shared = slots_.size() > 1;
  try {
    pool_.start({member.name,
                 child_arguments(member, recipe_, pool_.free_slot(), shared),
                 log_of(member)});
    member.state = MemberState::kRunning;
  } catch (const DataError& error) {
    member.state = MemberState::kFailed;
    member.fault = "not started";
    table_.say(member.name + ": " + error.what());
  }
  changed_();
}

// One run with a damaged file must not end the others.
bool MemberRunner::refresh(Member& member) {
  try {
    member.progress =
        read_run_state(member.run_dir, member.config, recipe_.metric);
    return true;
  } catch (const std::exception& error) {
    member.fault = error.what();
    return false;
  }
}

void MemberRunner::settle(Member& member, const ChildEnd& end) {
  const bool readable = refresh(member);
  if (!readable) {
    member.state = MemberState::kFailed;
    table_.say(member.name + " failed: " + member.fault);
  } else if (end.exit_code == 0 && member.progress.complete) {
    member.state = MemberState::kDone;
  } else if (until_ > 0 && member.progress.epoch >= until_) {
    member.state = MemberState::kPaused;
  } else if (stopping_ || end.exit_code == kInterruptedCode) {
    member.state = MemberState::kInterrupted;
  } else {
    report_failure(member, describe_end(end));
  }
  changed_();
}

void MemberRunner::report_failure(Member& member, const std::string& fault) {
  member.state = MemberState::kFailed;
  member.fault = fault;
  const fs::path log = log_of(member);
  table_.say(fmt::format("{} failed: {}; {} ends with:", member.name, fault,
                         log.string()));
  for (const std::string& line : last_lines(log, kShownLines))
    table_.say("  " + line);
}

void MemberRunner::watch(std::vector<Member>& members) {
  for (Member& member : members) {
    if (member.state != MemberState::kRunning || !refresh(member)) continue;
    if (until_ > 0 && member.progress.epoch >= until_) pool_.stop(member.name);
  }
}

fs::path MemberRunner::log_of(const Member& member) const {
  return recipe_.logs / (member.name + ".log");
}

std::vector<TableRow> table_rows(const std::vector<Member>& members,
                                 int until_epoch) {
  std::vector<TableRow> rows;
  for (const Member& member : members) {
    const bool active = member.state == MemberState::kRunning ||
                        member.state == MemberState::kWaiting;
    const int wanted =
        active && until_epoch > 0 ? until_epoch : member.config.train.epochs;
    rows.push_back({member.name, member.state, member.progress.epoch, wanted,
                    member.progress.best, member.progress.epoch_seconds(),
                    member.fault});
  }
  return rows;
}

}  // namespace fer
