// SPDX-License-Identifier: MIT
// The web server of a configuration proxy: over HTTPS too when its directory has
// ssl/confproxy.crt and ssl/confproxy.key, the names that X-Road's package has.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "configurationproxy/settings.hpp"
#include "globalconf/serving.hpp"

namespace causeway::configurationproxy {

// io_error when a port is taken; malformed_configuration when the certificate or its key cannot
// be used, or one of them is missing.
Result<std::unique_ptr<globalconf::Serving>> start_serving(const ProxySettings& settings);

}  // namespace causeway::configurationproxy
