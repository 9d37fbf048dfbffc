// A shell script in the place of ferbench: it leaves the files of a run folder,
// at a speed and with values that a test chooses.
#pragma once

#include <filesystem>
#include <string>

#include "core/temporary_folder.h"
#include "sweep/member_runner.h"

namespace fer {

class FakeProgram {
 public:
  FakeProgram();

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path program() const { return folder_ / "fake"; }
  /// An experiment of `epochs` epochs.
  std::filesystem::path experiment(int epochs = 4) const;

  /// What the program needs of a member before it is run: its configuration,
  /// and the val_loss of all its epochs.
  void prepare(const Member& member, const std::string& loss = "0.5") const;
  /// The program dies by signal 9 in epoch `epoch` of this member, each time.
  void crash(const std::string& name, int epoch) const;
  void mend(const std::string& name) const;
  /// Another shell script in its place.
  void replace(const std::string& script) const;
  /// The command lines so far, in the order of the starts.
  std::vector<std::string> calls() const;

  ChildRecipe recipe() const;

 private:
  TemporaryFolder folder_;
};

}  // namespace fer
