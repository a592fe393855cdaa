// SPDX-License-Identifier: MIT
#include "centralserver/registry/member_classes.hpp"

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "member class";

Result<MemberClass> read_class(const store::Statement& row) {
  return MemberClass{std::string(row.text(0)), std::string(row.text(1))};
}

}  // namespace

Result<std::vector<MemberClass>> member_classes(const Registry& registry) {
  return read_rows(registry.database(), "SELECT code, description FROM member_class ORDER BY id", read_class);
}

Result<MemberClass> member_class(const Registry& registry, const std::string& code) {
  auto found =
      read_row(registry.database(), "SELECT code, description FROM member_class WHERE code = $1", read_class, code);
  if (!found) return found.error();
  if (!*found) return fault(RegistryFault::member_class_not_found, "There is no member class " + code);
  return **std::move(found);
}

Result<void> add_member_class(Change& change, const MemberClass& added) {
  if (auto code = check_code("The code of a member class", added.code); !code) return code;
  if (auto text = check_text("The description of a member class", added.description); !text) return text;
  auto known = exists(change.database(), "SELECT id FROM member_class WHERE code = $1", added.code);
  if (!known) return known.error();
  if (*known) return fault(RegistryFault::member_class_exists, "There is a member class " + added.code + " already");
  auto stored = run(change.database(), "INSERT INTO member_class (code, description) VALUES ($1, $2)", added.code,
                    added.description);
  if (!stored) return stored;
  return change.note_added(kKind, added.code, added.description);
}

Result<void> describe_member_class(Change& change, const std::string& code, const std::string& description) {
  auto before = member_class(change.registry(), code);
  if (!before) return before.error();
  if (auto text = check_text("The description of a member class", description); !text) return text;
  auto stored = run(change.database(), "UPDATE member_class SET description = $2 WHERE code = $1", code, description);
  if (!stored) return stored;
  return change.note_changed(kKind, code, "description", before->description, description);
}

Result<void> delete_member_class(Change& change, const std::string& code) {
  auto deleted = member_class(change.registry(), code);
  if (!deleted) return deleted.error();
  auto used = exists(change.database(),
                     "SELECT client.id FROM client JOIN member_class ON member_class.id = client.member_class_id"
                     " WHERE member_class.code = $1 LIMIT 1",
                     code);
  if (!used) return used.error();
  if (*used) return fault(RegistryFault::member_class_is_in_use, "There are members of the class " + code);
  if (auto done = run(change.database(), "DELETE FROM member_class WHERE code = $1", code); !done) return done;
  return change.note_deleted(kKind, code, deleted->description);
}

}  // namespace causeway::centralserver
