// SPDX-License-Identifier: MIT
// A change of the registry: one transaction that says who did what, and when.
//
// Changes go one after another, also those of other nodes, so that what an operation has
// looked at still holds when it is committed. An operation that is refused has changed
// nothing; after a database_error only giving up is left.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "centralserver/registry/history.hpp"
#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {

class Change {
 public:
  // `author`: the user as in the audit log, "api-key-7" for one.
  static Result<Change> begin(const Registry& registry, std::string author, TimePoint at = now());
  // What is not committed has never been.
  Result<void> commit() { return transaction_.commit(); }

  const Registry& registry() const { return *registry_; }
  store::Database& database() const { return registry_->database(); }
  std::int64_t millis() const { return to_unix_millis(at_); }

  // The operations write the history with what they do. `subject` is an identifier, or
  // "name (number)" of what has only a number.
  Result<void> note_added(std::string_view kind, std::string_view subject, std::string_view what = {});
  Result<void> note_deleted(std::string_view kind, std::string_view subject, std::string_view what = {});
  // Nothing when both are the same.
  Result<void> note_changed(std::string_view kind, std::string_view subject, std::string_view field,
                            std::string_view before, std::string_view after);

 private:
  Change(const Registry& registry, store::Transaction transaction, std::string author, TimePoint at)
      : registry_(&registry), transaction_(std::move(transaction)), author_(std::move(author)), at_(at) {}
  Result<void> note(HistoryAction action, std::string_view kind, std::string_view subject, std::string_view field,
                    std::string_view before, std::string_view after);

  const Registry* registry_;
  store::Transaction transaction_;
  std::string author_;
  TimePoint at_;
  std::int64_t number_ = 0;  // of the first entry
};

}  // namespace causeway::centralserver
