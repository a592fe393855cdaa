// SPDX-License-Identifier: MIT
#include "admin/api_error.hpp"

#include <gtest/gtest.h>

namespace causeway::admin {
namespace {

TEST(ApiError, LeavesOutWhatItHasNot) { EXPECT_EQ(to_json({.status = 401}), R"({"status":401})"); }

TEST(ApiError, HoldsCodeMetadataFieldsAndWarnings) {
  ApiError error = api_error(409, "member_exists", {"DEV:GOV:1"});
  EXPECT_EQ(to_json(error), R"({"status":409,"error":{"code":"member_exists","metadata":["DEV:GOV:1"]}})");
  error.warnings = {{"looks_odd", {"a", "b\"c"}}, {"and_so_does_this"}};
  EXPECT_EQ(to_json(error),
            R"({"status":409,"error":{"code":"member_exists","metadata":["DEV:GOV:1"]},)"
            R"("warnings":[{"code":"looks_odd","metadata":["a","b\"c"]},{"code":"and_so_does_this"}]})");
}

TEST(ApiError, WrongFieldsAreAValidationFailure) {
  EXPECT_EQ(to_json({.status = 400, .validation_errors = {{"memberClassDto.code", {"NotBlank", "Size"}}}}),
            R"({"status":400,"error":{"code":"validation_failure",)"
            R"("validation_errors":{"memberClassDto.code":["NotBlank","Size"]}}})");
}

}  // namespace
}  // namespace causeway::admin
