// SPDX-License-Identifier: MIT
// What the steps of the scenario have in common: calls as information systems make them,
// expectations, and the list of calls whose evidence is looked for at the end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/caller.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"

namespace causeway::ecosystem {

// What a step saw, or what was wrong.
using StepOutcome = Result<std::string>;

inline Fault unexpected(std::string text) { return Fault{"unexpected", std::move(text)}; }

// Of every x-road-id of the scenario.
inline constexpr std::string_view kIdPrefix = "demo-";

// A call that was answered by its service.
struct AnsweredCall {
  std::string id;  // x-road-id
  const PlannedInstance* consumer;
  const PlannedInstance* provider;
  ClientId client, service_provider;
};

struct RestInput {
  std::string method = "GET";
  std::string path;  // below the service
  std::string json;
  std::optional<std::uint64_t> object;
  bool tls = false;               // over HTTPS
  bool show_certificate = false;  // of the information system
};

class Kit {
 public:
  Kit(const Plan& plan, const Ports& ports, const Layout& layout) : plan_(plan), ports_(ports), layout_(layout) {}

  const Plan& plan() const { return plan_; }
  const Ports& ports() const { return ports_; }
  // `instance` is one of the plan's.
  const InstancePorts& ports_of(const PlannedInstance& instance) const {
    return ports_.instances[static_cast<std::size_t>(&instance - plan_.instances.data())];
  }
  const Layout& layout() const { return layout_; }
  Caller& caller() { return caller_; }
  const std::vector<AnsweredCall>& answered() const { return answered_; }

  // An x-road-id that no one else uses.
  std::string new_id(std::string_view purpose) const;

  // The answer, whatever it is. With an HTTP status below 300 it counts as answered.
  Result<Reply> rest(const PlannedInstance& from, const ClientId& client, const PlannedInstance& to,
                     const ClientId& provider, std::string_view service_code, const RestInput& input);
  // The same, and that its status is `status`.
  Result<Reply> rest_ok(const PlannedInstance& from, const PlannedInstance& to, const ClientId& provider,
                        std::string_view service_code, const RestInput& input, int status = 200);

  struct SoapInput {
    ClientId provider;
    std::string id, content_type, body;
  };
  // From the app of `from`. A SOAP fault is an unexpected outcome.
  Result<Reply> soap(const PlannedInstance& from, const PlannedInstance& to, const SoapInput& input);

  // Of the information system of its secure_app.
  Result<std::shared_ptr<const net::TlsClientContext>> tls(const PlannedInstance& from, bool show_certificate) const;

 private:
  const Plan& plan_;
  const Ports& ports_;
  const Layout& layout_;
  Caller caller_;
  std::vector<AnsweredCall> answered_;
};

// The answer is X-Road's error of this code (a tail after it may follow), and its message
// contains `reason`: the message.
StepOutcome expect_error(const Reply& reply, std::string_view code, std::string_view reason = {});

// A text member of a JSON object, below members by name; empty when it is not there.
std::string json_text(std::string_view body, std::initializer_list<std::string_view> path);

// "200.0 MB in 1.3 s (154 MB/s)"
std::string transfer_text(std::uint64_t octets, double milliseconds);

}  // namespace causeway::ecosystem
