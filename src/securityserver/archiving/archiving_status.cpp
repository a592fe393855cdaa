// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiving_status.hpp"

#include <boost/json.hpp>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

namespace json = boost::json;

json::value time_json(const std::optional<TimePoint>& time) {
  return time ? json::value(to_iso_millis(*time)) : json::value(nullptr);
}

json::value fault_json(const std::optional<Fault>& fault) {
  if (!fault) return nullptr;
  return {{"code", fault->code}, {"text", fault->text}};
}

json::object task_json(const ArchivingStatus::Task& task) {
  return {{"running", task.running},
          {"last_run", time_json(task.last_run)},
          {"last_success", time_json(task.last_success)},
          {"next_run", time_json(task.next_run)},
          {"fault", fault_json(task.fault)}};
}

std::optional<TimePoint> time_of(const json::object& from, std::string_view name) {
  const json::value& value = from.at(name);
  if (value.is_null()) return std::nullopt;
  const auto time = parse_iso(value.as_string());
  if (!time) throw std::invalid_argument("no time");
  return *time;
}

std::optional<Fault> fault_of(const json::object& from, std::string_view name) {
  const json::value& value = from.at(name);
  if (value.is_null()) return std::nullopt;
  const json::object& fault = value.as_object();
  return Fault{std::string(fault.at("code").as_string()), std::string(fault.at("text").as_string())};
}

ArchivingStatus::Task task_of(const json::object& from) {
  return {.running = from.at("running").as_bool(),
          .last_run = time_of(from, "last_run"),
          .last_success = time_of(from, "last_success"),
          .next_run = time_of(from, "next_run"),
          .fault = fault_of(from, "fault")};
}

// Throws for anything that to_json does not write.
ArchivingStatus status_of(const json::object& from) {
  const json::object &archiving = from.at("archiving").as_object(), &cleaning = from.at("cleaning").as_object();
  const auto number = [](const json::object& object, std::string_view name) {
    return object.at(name).to_number<std::uint64_t>();
  };
  return {.updated = time_of(from, "updated").value(),
          .archiving = task_of(archiving),
          .cleaning = task_of(cleaning),
          .archived_until = number(archiving, "archived_until"),
          .archives = number(archiving, "archives"),
          .damaged = number(archiving, "damaged_records"),
          .transfer = fault_of(archiving, "transfer_fault"),
          .first_kept = number(cleaning, "first_kept")};
}

}  // namespace

std::string to_json(const ArchivingStatus& status) {
  json::object archiving = task_json(status.archiving), cleaning = task_json(status.cleaning);
  archiving["archived_until"] = status.archived_until;
  archiving["archives"] = status.archives;
  archiving["damaged_records"] = status.damaged;
  archiving["transfer_fault"] = fault_json(status.transfer);
  cleaning["first_kept"] = status.first_kept;
  const json::object whole{
      {"updated", time_json(status.updated)}, {"archiving", std::move(archiving)}, {"cleaning", std::move(cleaning)}};
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
