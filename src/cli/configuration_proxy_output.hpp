// SPDX-License-Identifier: MIT
// How the configuration and the state of a configuration proxy are shown.
#pragma once

#include <boost/json/object.hpp>

#include "configurationproxy/instance_configuration.hpp"
#include "configurationproxy/round_report.hpp"
#include "configurationproxy/settings.hpp"

namespace causeway::cli {

// Everything about an instance; what cannot be read is told in its place.
boost::json::object describe_instance(const configurationproxy::ProxySettings& settings,
                                      const configurationproxy::InstanceConfiguration& instance);
// The same for people.
void print_instance(const boost::json::object& described);

void print_status(const configurationproxy::ProxyStatus& status);

}  // namespace causeway::cli
