// SPDX-License-Identifier: MIT
// Requests that anyone can repeat with curl against the running ecosystem.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"

namespace causeway::ecosystem {

struct Sample {
  std::string name;
  std::string curl;  // a complete line, to which options may be appended
  int expect = 200;  // HTTP status
};

// Writes what the lines send to files below the layout's samples(). io_error.
Result<std::vector<Sample>> write_samples(const Plan& plan, const Ports& ports, const Layout& layout);

// An identifier that the samples use, of someone who is in the registers of the country.
std::string sample_person(Country country);
std::string sample_company(Country country);

// "http://127.78.1.2:20002"
std::string consumer_url(const PlannedServer& server, const Ports& ports);
std::string consumer_tls_url(const PlannedServer& server, const Ports& ports);
// The path of a REST service on a consumer port: "/r1/EE/GOV/70012341/population/population".
std::string rest_path(const ClientId& provider, std::string_view service_code);

}  // namespace causeway::ecosystem
