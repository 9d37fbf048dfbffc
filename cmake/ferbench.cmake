# How every library, program and test of the project is built: one function each.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(FERBENCH_CCACHE ccache)
if(FERBENCH_CCACHE)
  # ccache caches files that use a precompiled header only with this sloppiness.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${FERBENCH_CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${FERBENCH_CCACHE})
endif()

add_library(fer_flags INTERFACE)
target_include_directories(fer_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(fer_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wnon-virtual-dtor
  # False alarms of g++ 12 in std::string (GCC bug 105329).
  -Wno-restrict -Wno-stringop-overflow>)
if(FERBENCH_ASAN)
  target_compile_options(fer_flags INTERFACE -fsanitize=address,undefined
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(fer_flags INTERFACE -fsanitize=address,undefined)
endif()

# fer_library(core SOURCES a.cpp b.cpp LIBRARIES fmt::fmt): the library fer_core.
function(fer_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(fer_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(fer_${name} PUBLIC fer_flags ${ARG_LIBRARIES})
endfunction()

# fer_test(metrics SOURCES a_test.cpp LIBRARIES fer_metrics): the program
# metrics_test, its cases listed one by one in CTest under the label "metrics".
# TORCH_HEADERS: built with the precompiled torch headers.
function(fer_test name)
  cmake_parse_arguments(ARG "TORCH_HEADERS" "TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${ARG_LIBRARIES} fer_test_main)
  if(ARG_TORCH_HEADERS)
    # The precompiled header of fer_models asks for its flags: -fPIC, not -fPIE.
    set_target_properties(${name}_test PROPERTIES
      POSITION_INDEPENDENT_CODE OFF COMPILE_OPTIONS -fPIC)
    target_precompile_headers(${name}_test REUSE_FROM fer_models)
  else()
    # What a test does itself is little: compiling it takes longer than running it.
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  # Passive: two programs with two threads each would spin against one another.
  gtest_discover_tests(${name}_test PROPERTIES LABELS ${name}
    ENVIRONMENT OMP_WAIT_POLICY=passive TIMEOUT ${ARG_TIMEOUT} DISCOVERY_TIMEOUT 60)
endfunction()
