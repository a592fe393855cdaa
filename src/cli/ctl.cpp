// SPDX-License-Identifier: MIT
// causeway ctl: day-to-day administration of the server on this machine.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/parameters.hpp"
#include "base/status_json.hpp"
#include "cli/commands.hpp"
#include "cli/ctl_archiving.hpp"
#include "cli/ctl_proxy.hpp"
#include "cli/ctl_registration.hpp"
#include "cli/ctl_timestamping.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/index_status.hpp"
#include "securityserver/messagelog/message_log.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;
using securityserver::FoundRecord;

struct Options {
  std::string dir = ".";
  bool as_json = false;
  std::string id, member, client, service, direction, from, to;
  std::int64_t after = 0, limit = 1000;
};
using OptionsPtr = std::shared_ptr<Options>;

int fail(const Fault& fault) {
  std::cerr << "causeway ctl: " << fault.code << ": " << fault.text << "\n";
  return kFailed;
}

// The directory of a server has its log in messagelog/; the log's own directory will do too.
std::string log_directory(const Options& options) {
  const auto inside = std::filesystem::path(options.dir) / "messagelog";
  return std::filesystem::is_directory(inside) ? inside.string() : options.dir;
}

// With its index where the server's own parameters say. Relative paths among them, as of a file
// with a password, are of the server's directory.
Result<securityserver::LogPlace> log_place(const Options& options) {
  const std::filesystem::path log =
      std::filesystem::weakly_canonical(std::filesystem::absolute(log_directory(options)));
  auto parameters = Parameters::load(log.parent_path() / "conf.d");
  if (!parameters) return parameters.error();
  auto place = securityserver::LogPlace::from(*parameters, log.string());
  if (place && place->index_is_remote()) {
    std::error_code failed;
    std::filesystem::current_path(log.parent_path(), failed);
    if (failed) return fault(FaultCode::io_error, log.parent_path().string() + ": " + failed.message());
  }
  return place;
}

json::object to_json(const FoundRecord& record) {
  return {{"id", record.id},
          {"time", to_iso_millis(record.time)},
          {"message", record.response ? "response" : "request"},
          {"owner", record.owner},
          {"client", record.client},
          {"service", record.service},
          {"query_id", record.query_id},
          {"request_id", record.request_id}};
}

void print(const std::vector<FoundRecord>& records, bool is_full, bool as_json) {
  if (as_json) {
    json::array list;
    for (const FoundRecord& record : records) list.push_back(to_json(record));
    json::object answer{{"records", std::move(list)}, {"after", nullptr}};
    if (is_full) answer["after"] = records.back().id;
    std::cout << json::serialize(answer) << "\n";
    return;
  }
  for (const FoundRecord& record : records)
    fmt::print("{:>8}  {}  {:8}  {}  {} -> {}\n", record.id, to_iso_millis(record.time),
               record.response ? "response" : "request", record.query_id, record.client, record.service);
  if (records.empty()) std::cerr << "no records found\n";
  if (is_full) fmt::print(stderr, "there may be more: --after {}\n", records.back().id);
}

// An identifier as a person writes it, in the form of the log: parts percent-encoded.
Result<std::optional<securityserver::NameQuery>> name_query(const std::string& text) {
  std::optional<securityserver::NameQuery> query;
  if (text.empty()) return query;
  std::string name;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('/', begin), text.size());
    auto part = decode_identifier_part(std::string_view(text).substr(begin, end - begin));
    if (!part) return part.error();
    name += (begin == 0 ? "" : "/") + encode_identifier_part(*part);
    begin = end + 1;
  }
  query.emplace(std::move(name), true);
  return query;
}

Result<securityserver::LogQuery> query_of(const Options& options) {
  securityserver::LogQuery query;
  if (!options.id.empty()) query.query_id = options.id;
  for (auto [text, names] : {std::pair{&options.member, &query.owner},
                             {&options.client, &query.client},
                             {&options.service, &query.service}}) {
    auto name = name_query(*text);
    if (!name) return name.error();
    *names = *std::move(name);
  }
  for (auto [text, moment] : {std::pair{&options.from, &query.from}, {&options.to, &query.to}}) {
    if (text->empty()) continue;
    auto time = parse_iso(*text);
    if (!time) return time.error();
    *moment = *time;
  }
  if (!options.direction.empty()) {
    if (options.direction != "request" && options.direction != "response")
      return fault(FaultCode::internal_error, "--direction is request or response, not " + options.direction);
    query.response = options.direction == "response";
  }
  query.after = static_cast<std::uint64_t>(std::max<std::int64_t>(options.after, 0));
  query.limit = options.limit > 0 ? static_cast<std::size_t>(options.limit) : 1000;
  return query;
}

// Exits with kFailed when nothing was found, as grep does.
int find(const Options& options) {
  auto query = query_of(options);
  if (!query) return fail(query.error());
  auto place = log_place(options);
  if (!place) return fail(place.error());
  auto found = securityserver::find_records(*place, *query);
  if (!found) return fail(found.error());
  print(*found, found->size() == query->limit, options.as_json);
  return found->empty() ? kFailed : kOk;
}

int reindex(const Options& options) {
  auto place = log_place(options);
  if (!place) return fail(place.error());
  auto count = securityserver::rebuild_index(*place);
  if (!count) return fail(count.error());
  if (options.as_json)
    std::cout << json::serialize(json::object{{"records", *count}}) << "\n";
  else
    fmt::print("{} records indexed\n", *count);
  return kOk;
}

// Exits with kFailed when the index cannot be read; one that is only behind catches up.
int index_status(const Options& options) {
  auto place = log_place(options);
  if (!place) return fail(place.error());
  auto status = securityserver::index_status(*place);
  if (!status) return fail(status.error());
  const bool remote = !status->postgres_schema.empty();
  if (options.as_json) {
    std::cout << json::serialize(
                     json::object{{"engine", remote ? "PostgreSQL" : "SQLite"},
                                  {"schema", remote ? json::value(status->postgres_schema) : json::value(nullptr)},
                                  {"last_logged", status->last_logged},
                                  {"last_indexed", status->last_indexed},
                                  {"behind", status->behind()},
                                  {"fault", status_json::from(status->fault)}})
              << "\n";
  } else {
    fmt::print("index          {}\n", remote ? "PostgreSQL, schema " + status->postgres_schema : "SQLite");
    if (status->fault)
      fmt::print("state          cannot be read: {}\n", status->fault->text);
    else
      fmt::print("state          {} records behind the log, which ends with record {}\n", status->behind(),
                 status->last_logged);
  }
  return status->fault ? kFailed : kOk;
}

int check(const Options& options) {
  auto checked = securityserver::check_log(log_directory(options));
  if (!checked) return fail(checked.error());
  if (options.as_json) {
    json::array damages;
    for (const auto& damage : checked->damages)
      damages.push_back({{"segment", damage.segment}, {"offset", damage.offset}, {"what", damage.what}});
    std::cout << json::serialize(json::object{{"segments", checked->segments},
                                              {"records", checked->records},
                                              {"octets", checked->octets},
                                              {"damages", std::move(damages)}})
              << "\n";
  } else {
    for (const auto& damage : checked->damages)
      fmt::print("{} at offset {}: {}\n", damage.segment, damage.offset, damage.what);
    fmt::print("{} segments, {} records, {} octets: {}\n", checked->segments, checked->records, checked->octets,
               checked->damages.empty() ? "intact" : "damaged");
  }
  return checked->damages.empty() ? kOk : kFailed;
}

Command log_command(const std::string& name, const std::string& purpose, const OptionsPtr& options,
                    int (*run)(const Options&)) {
  Command command(name, purpose);
  command.option("--dir", options->dir, "the server's directory, or that of the log")
      .flag("--json", options->as_json, "print JSON")
      .example("causeway ctl messagelog " + name + " --dir /var/lib/causeway" +
               (name == "find" ? " --id 4894e35d-bf0f-44a6-867a-8e51f1daa7e0" : ""))
      .action([options, run] { return run(*options); });
  return command;
}

}  // namespace

Command ctl_command() {
  const auto options = std::make_shared<Options>();
  Command find_command = log_command("find", "list logged messages", options, find);
  find_command.option("--id", options->id, "the message's id (x-road-id)")
      .option("--member", options->member,
              "the local party, INSTANCE/CLASS/CODE with all its subsystems, or one of them")
      .option("--client", options->client, "who asked; a member stands for all its subsystems")
      .option("--service", options->service,
              "what was asked, CLIENT/CODE[/VERSION]; a client stands for all its services")
      .option("--direction", options->direction, "request or response")
      .option("--from", options->from, "not before, as 2026-03-01T10:00:00Z")
      .option("--to", options->to, "not after")
      .option("--after", options->after, "only records with a higher number: the next page")
      .option("--limit", options->limit, "at most so many (1000)");
  Command messagelog("messagelog", "look into the message log, and archive it");
  messagelog.subcommand(std::move(find_command))
      .subcommand(log_command("check", "check every record of the log and the chain over all", options, check))
      .subcommand(
          log_command("reindex", "make the index of the log anew; the server must be stopped", options, reindex))
      .subcommand(log_command("index-status", "where the index is, and how far; fails when it cannot be read", options,
                              index_status))
      .subcommand(archive_command())
      .subcommand(archive_status_command());
  Command ctl("ctl", "day-to-day administration");
  ctl.subcommand(std::move(messagelog))
      .subcommand(timestamping_command())
      .subcommand(proxy_command())
      .subcommand(registration_command());
  return ctl;
}

}  // namespace causeway::cli
