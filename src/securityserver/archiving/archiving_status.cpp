// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiving_status.hpp"

#include <boost/json.hpp>

#include "base/status_json.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

namespace json = boost::json;

json::object task_json(const ArchivingStatus::Task& task) {
  return {{"running", task.running},
          {"last_run", status_json::from(task.last_run)},
          {"last_success", status_json::from(task.last_success)},
          {"next_run", status_json::from(task.next_run)},
          {"fault", status_json::from(task.fault)}};
}

ArchivingStatus::Task task_of(const json::object& from) {
  return {.running = from.at("running").as_bool(),
          .last_run = status_json::time_in(from, "last_run"),
          .last_success = status_json::time_in(from, "last_success"),
          .next_run = status_json::time_in(from, "next_run"),
          .fault = status_json::fault_in(from, "fault")};
}

// Throws for anything that to_json does not write.
ArchivingStatus status_of(const json::object& from) {
  const json::object &archiving = from.at("archiving").as_object(), &cleaning = from.at("cleaning").as_object();
  const auto number = [](const json::object& object, std::string_view name) {
    return object.at(name).to_number<std::uint64_t>();
  };
  return {.updated = status_json::time_in(from, "updated").value(),
          .archiving = task_of(archiving),
          .cleaning = task_of(cleaning),
          .archived_until = number(archiving, "archived_until"),
          .archives = number(archiving, "archives"),
          .damaged = number(archiving, "damaged_records"),
          .transfer = status_json::fault_in(archiving, "transfer_fault"),
          .first_kept = number(cleaning, "first_kept")};
}

}  // namespace

std::string to_json(const ArchivingStatus& status) {
  json::object archiving = task_json(status.archiving), cleaning = task_json(status.cleaning);
  archiving["archived_until"] = status.archived_until;
  archiving["archives"] = status.archives;
  archiving["damaged_records"] = status.damaged;
  archiving["transfer_fault"] = status_json::from(status.transfer);
  cleaning["first_kept"] = status.first_kept;
  const json::object whole{{"updated", status_json::from(status.updated)},
                           {"archiving", std::move(archiving)},
                           {"cleaning", std::move(cleaning)}};
  return json::serialize(whole) + "\n";
}

Result<ArchivingStatus> read_archiving_status(std::string_view text) {
  try {
    return status_of(json::parse(text).as_object());
  } catch (const std::exception&) {
    return fault(FaultCode::invalid_message, "not the status of archiving");
  }
}

}  // namespace causeway::securityserver
