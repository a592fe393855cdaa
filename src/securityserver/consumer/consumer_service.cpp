// SPDX-License-Identifier: MIT
#include "securityserver/consumer/consumer_service.hpp"

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/metadata.hpp"
#include "securityserver/consumer/rest_consumer.hpp"
#include "securityserver/consumer/soap_consumer.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::string_view kPathCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A segment that is "." or ".." once its %2e are read as dots.
bool is_hidden_dot_segment(std::string_view segment) {
  if (segment.find('%') == std::string_view::npos) return false;
  std::string plain;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] == '%' && i + 2 < segment.size() && segment[i + 1] == '2' && (segment[i + 2] | 0x20) == 'e') {
      plain += '.';
      i += 2;
    } else {
      plain += segment[i];
    }
  }
  return plain == "." || plain == "..";
}

net::Task<void> refuse(net::ServerCall& call, int status, std::string_view reason) {
  log::info("{}: {} {} was refused with {}: {}", call.peer_address(), call.head().method, call.head().target, status,
            reason);
  net::ResponseHead head;
  head.status = status;
  head.headers.add("Content-Type", "text/html;charset=utf-8");
  const std::string body =
      "<html><body><h1>" + std::to_string(status) + " " + std::string(reason) + "</h1></body></html>\n";
  (void)co_await call.respond(std::move(head), as_bytes(body));
}

std::string query_parameter(const net::RequestHead& head, std::string_view name) {
  std::string_view query = head.query().value_or("");
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      auto value = decode_identifier_part(pair.substr(name.size() + 1));
      return value ? *value : std::string();
    }
  }
  return {};
}

}  // namespace

bool is_acceptable_path(std::string_view path) {
  if (path.find("//") != std::string_view::npos) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (kPathCharacters.find(path[i]) == std::string_view::npos) return false;
    if (path[i] != '%') continue;
    const int high = i + 2 < path.size() ? hex_value(path[i + 1]) : -1;
    const int low = i + 2 < path.size() ? hex_value(path[i + 2]) : -1;
    if (high < 0 || low < 0) return false;
    const int octet = high << 4 | low;
    if (octet < 0x20 || octet == 0x7f || octet == '%' || octet == '\\') return false;
  }
  while (!path.empty()) {
    const auto end = path.find('/');
    if (is_hidden_dot_segment(path.substr(0, end))) return false;
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
  }
  return true;
}

net::Task<void> ConsumerService::serve(net::ServerCall& call) const {
  const auto& head = call.head();
  const std::string_view path = head.path();
  if (!is_acceptable_path(path)) {
    co_await refuse(call, 400, "Ambiguous URI");
    co_return;
  }
  if (path.starts_with("/r1/")) {
    const auto configuration = services_.configuration.current();
    RestConsumer protocol(call, configuration ? configuration->id.owner().instance() : std::string(), random_uuid());
    co_await exchange_.run(protocol, call);
  } else if (head.method == "GET" && path == "/listClients") {
    co_await list_clients(call);
  } else {
    SoapConsumer protocol(call, random_uuid(), max_soap_);
    co_await exchange_.run(protocol, call);
  }
}

net::Task<void> ConsumerService::list_clients(net::ServerCall& call) const {
  const auto view = services_.view.current();
  Fault problem;
  if (!view) {
    problem = fault(FaultCode::global_conf_outdated, "the global configuration has not been loaded yet");
  } else if (auto valid = view->check_valid(now()); !valid) {
    problem = valid.error();
  }
  std::string instance;
  if (view) {
    instance = query_parameter(call.head(), "xRoadInstance");
    if (instance.empty()) instance = view->own_instance();
    if (problem.code.empty() && !view->has_instance(instance))
      problem = fault(FaultCode::internal_error, "instance " + instance + " is not known here");
  }
  net::ResponseHead head;
  std::string body;
  if (!problem.code.empty()) {
    Fault outer = problem.under(kOriginClientProxy);
    outer.detail = random_uuid();
    head.headers.add("Content-Type", "text/xml;charset=utf-8");
    body = message::soap_fault_xml(outer);
  } else {
    std::vector<message::ListedClient> clients;
    for (auto& member : view->members(instance))
      clients.push_back({std::move(member.id), std::move(member.name), std::move(member.subsystem_name)});
    auto document = message::client_list(clients, call.head().headers);
    head.headers.add("Content-Type", std::move(document.content_type));
    body = std::move(document.body);
  }
  (void)co_await call.respond(std::move(head), as_bytes(body));
}

}  // namespace causeway::securityserver
