# The compiler settings of the whole tree, and the two shapes a folder can have:
# a library, and the unit tests that mirror it.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(EXPAT REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)

find_program(CCACHE ccache)
if(CCACHE)
  # What was compiled in one clone serves the next, wherever it lies.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough -Werror)
add_compile_definitions(
  BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED
  SPDLOG_COMPILED_LIB)
if(CAUSEWAY_SANITIZE)
  add_compile_options(-fsanitize=${CAUSEWAY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CAUSEWAY_SANITIZE})
endif()

# How often every branch is taken under load: what runs then lies together, and fills less of the
# processor's caches. scripts/profile makes it anew; a function that changed since goes without.
set(profile ${PROJECT_SOURCE_DIR}/cmake/release.profdata)
# In it functions of one file are known by its name, wherever the tree lies.
set(profile_names "SHELL:-mllvm -static-func-full-module-prefix=false")
if(CAUSEWAY_MAKES_PROFILE)
  add_compile_options(${profile_names} -fprofile-generate -fprofile-update=atomic)
  add_link_options(-fprofile-generate)
elseif(CMAKE_BUILD_TYPE STREQUAL Release AND CMAKE_CXX_COMPILER_ID STREQUAL Clang
    AND CMAKE_CXX_COMPILER_VERSION MATCHES "^19\\.")
  file(SHA256 ${profile} profile_hash)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${profile})
  # From where Ninja compiles: ccache takes a whole path for another build in every clone.
  file(RELATIVE_PATH profile_path ${PROJECT_BINARY_DIR} ${profile})
  # The name of the definition: with another profile all is compiled anew.
  add_compile_definitions(CAUSEWAY_PROFILE_${profile_hash})
  add_compile_options(${profile_names} -fprofile-use=${profile_path}
    -Wno-profile-instr-out-of-date -Wno-profile-instr-unprofiled -Wno-backend-plugin)
endif()
if(CAUSEWAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# causeway_library(<name> SOURCES a.cpp ... [DEPENDS lib ...] [PRIVATE lib ...])
function(causeway_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE})
endfunction()

# causeway_ctest(<name> COMMAND ...): what ctest runs. Its time limit only ends what hangs.
function(causeway_ctest name)
  cmake_parse_arguments(ARG "" "" "COMMAND" ${ARGN})
  set(limit 600)
  if(CAUSEWAY_SANITIZE)
    set(limit 1800)
    list(PREPEND ARG_COMMAND ${PYTHON3} ${PROJECT_SOURCE_DIR}/tests/sanitizers/run.py
      ${name} ${PROJECT_BINARY_DIR}/reports)
  endif()
  add_test(NAME ${name} COMMAND ${ARG_COMMAND})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${limit})
endfunction()

# causeway_test(<name> SOURCES a_test.cpp ... DEPENDS lib ...)
function(causeway_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} test_support GTest::gmock GTest::gtest_main)
  causeway_ctest(${name} COMMAND $<TARGET_FILE:${name}>)
endfunction()

# All fuzz targets, without the rest of the program.
add_custom_target(fuzzers)

# causeway_fuzz(<name> SOURCES x_fuzz.cpp DEPENDS lib ...); its seed inputs are in tests/fuzz/corpus/<name>
function(causeway_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name})
endfunction()
