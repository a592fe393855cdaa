// SPDX-License-Identifier: MIT
// OCSP responders as the administration interface writes and reads them.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "admin/api_request.hpp"
#include "centralserver/registry/ocsp_responders.hpp"

namespace causeway::centralserver {

boost::json::object ocsp_responder_json(const RegisteredOcspResponder& responder);
boost::json::array ocsp_responders_json(const std::vector<RegisteredOcspResponder>& responders);
// Of a form that was held against the description.
NewOcspResponder ocsp_responder_in(const admin::ApiRequest& request);

}  // namespace causeway::centralserver
