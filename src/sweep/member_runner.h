// Runs the members of a group or of a sweep as child processes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sweep/live_table.h"
#include "sweep/process_pool.h"
#include "sweep/run_state.h"

namespace fer {

/// One run of several: a run folder of its own.
struct Member {
  std::string name;  ///< "seed-43", "seed-43/fold-0", "trial-007"
  std::filesystem::path run_dir;
  Config config;                      ///< what the run shall be
  std::vector<std::string> settings;  ///< "train.epochs=3": over the experiment
  MemberState state = MemberState::kWaiting;
  RunState progress{};
  std::string fault{};  ///< why it failed: "exit code 1"
};

/// How children are made.
struct ChildRecipe {
  std::filesystem::path program;     ///< ferbench itself
  std::string experiment;            ///< the experiment file
  std::vector<std::string> options;  ///< for every child: "--device", "cpu"
  std::filesystem::path logs;        ///< folder of <name>.log
  std::string metric;                ///< column of history.csv that is shown
};

/// Reads the state of `member` from its folder. ConfigError when a run stands
/// there that began with other settings.
void look_at(Member& member, const std::string& metric);

/// The command line of the child that begins `member` (or goes on with it) on
/// `slot`. A fresh run without train.threads gets as many as the slot has
/// cores, where it has to share the machine.
std::vector<std::string> child_arguments(const Member& member,
                                         const ChildRecipe& recipe,
                                         const Slot& slot, bool shared);

/// Runs members, at most one a slot. A child that fails costs its own member
/// only; the last lines of its log are printed.
class MemberRunner {
 public:
  /// `interrupted`: whether to stop everything, saving its state. `changed`:
  /// called after each change of a state.
  MemberRunner(ChildRecipe recipe, std::vector<Slot> slots, LiveTable& table,
               std::function<bool()> interrupted,
               std::function<void()> changed);

  /// Brings members[i], i in `which`, in this order, to their end or, with
  /// until_epoch > 0, to that epoch at least (state kPaused; an unbroken end
  /// may come before). A child is told to stop as soon as history.csv holds
  /// that epoch: it saves its state as on Ctrl-C. False when interrupted.
  bool run(std::vector<Member>& members, const std::vector<size_t>& which,
           int until_epoch = 0);

  const ChildRecipe& recipe() const { return recipe_; }

 private:
  void start(Member& member);
  void settle(Member& member, const ChildEnd& end);
  void report_failure(Member& member, const std::string& fault);
  bool refresh(Member& member);
  void watch(std::vector<Member>& members);
  bool reached(const Member& member) const;
  std::filesystem::path log_of(const Member& member) const;

  ChildRecipe recipe_;
  std::vector<Slot> slots_;
  LiveTable& table_;
  std::function<bool()> interrupted_;
  std::function<void()> changed_;
  ProcessPool pool_;
  int until_ = 0;
  bool stopping_ = false;
};

/// The rows of a live table; `until_epoch` as above.
std::vector<TableRow> table_rows(const std::vector<Member>& members,
                                 int until_epoch = 0);

}  // namespace fer
