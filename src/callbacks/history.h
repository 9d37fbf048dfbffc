// history.csv: one row an epoch.
#pragma once

#include <vector>

#include "callbacks/callback.h"

namespace fer {

/// Writes <run>/history.csv whole and atomically after each epoch, with the
/// columns of EpochLogs::columns(). The rows are part of the state, so that a
/// resumed run neither repeats nor loses one: rows of an epoch that was not
/// complete in the checkpoint are dropped from the file.
class History final : public Callback {
 public:
  std::string name() const override { return "history"; }
  void on_train_begin(TrainContext& context) override;
  /// DataError when the rows do not end with `epoch`.
  void on_train_resume(TrainContext& context, int epoch) override;
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override;
  Json state() const override;
  void load_state(const Json& state) override;

  const std::vector<EpochLogs>& rows() const { return rows_; }

 private:
  void write(TrainContext& context) const;

  std::vector<EpochLogs> rows_;
};

}  // namespace fer
