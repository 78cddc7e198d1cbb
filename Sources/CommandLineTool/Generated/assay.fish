function __assay_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __assay_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __assay_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __assay_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __assay_parse_tokens -S
    set -l unparsed_tokens (__assay_tokens -pc)
    switch $unparsed_tokens[1]
    case 'assay'
        __assay_parse_subcommand -r 1 'color=' 'glyphs=' 'theme=' 'keys=' 'clipboard=' 'mouse' 'no-mouse' 'bell' 'no-bell' 'threads=' 'memory=' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'profile'
            __assay_parse_subcommand 1 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'json' 'version' 'h/help'
        case 'freq'
            __assay_parse_subcommand 2 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'by=+' 'target=' 'bins=' 'json' 'version' 'h/help'
        case 'inspect'
            __assay_parse_subcommand 2 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'target=' 'json' 'version' 'h/help'
        case 'query'
            __assay_parse_subcommand 2 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'format=' 'o/output=' 'json' 'version' 'h/help'
        case 'filter'
            __assay_parse_subcommand 1 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'where=' 'matches=' 'in=' 'invert' 'sort=' 'format=' 'o/output=' 'json' 'version' 'h/help'
        case 'chart'
            __assay_parse_subcommand 1 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'kind=' 'x=+' 'y=+' 'by=' 'color-by=' 'facet-by=' 'aggregate=' 'bins=' 'top=' 'log-x' 'log-y' 'sample=' 'trend=' 'x-range=' 'y-range=' 'width=' 'height=' 'glyphs=' 'color=' 'theme=' 'o/output=' 'pixels=' 'paper=' 'json' 'version' 'h/help'
        case 'insight'
            __assay_parse_subcommand 2 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'target=' 'columns=+' 'column=' 'time=' 'baseline=' 'method=' 'threshold=' 'period=' 'seed=' 'o/output=' 'charts' 'json' 'width=' 'height=' 'glyphs=' 'color=' 'theme=' 'version' 'h/help'
        case 'quickmodel'
            __assay_parse_subcommand 1 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'target=' 'seed=' 'problem=' 'trees=' 'depth=' 'json' 'version' 'h/help'
        case 'explain'
            __assay_parse_subcommand 2 'input-format=' 'delimiter=' 'no-header' 'skip-bad-rows' 'threads=' 'memory=' 'method=' 'background=' 'rows=' 'interactions' 'aggregate=' 'output=' 'label=' 'seed=' 'o/file=' 'chart=' 'json' 'width=' 'height=' 'glyphs=' 'color=' 'theme=' 'version' 'h/help'
        case 'flow'
            __assay_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'show'
                __assay_parse_subcommand 1 'json' 'version' 'h/help'
            case 'run'
                __assay_parse_subcommand 1 'o/output=' 'format=' 'node=' 'input=+' 'json' 'threads=' 'memory=' 'version' 'h/help'
            case 'import'
                __assay_parse_subcommand 1 'o/output=' 'json' 'version' 'h/help'
            case 'export'
                __assay_parse_subcommand 1 'format=' 'dialect=' 'node=' 'o/output=' 'input=+' 'json' 'threads=' 'memory=' 'version' 'h/help'
            end
        case 'define'
            __assay_parse_subcommand -r 1 'json' 'version' 'h/help'
        case 'doctor'
            __assay_parse_subcommand 0 'json' 'set-glyphs=' 'version' 'h/help'
        case 'config'
            __assay_parse_subcommand 1 'print-default' 'json' 'color=' 'glyphs=' 'theme=' 'keys=' 'clipboard=' 'mouse' 'no-mouse' 'bell' 'no-bell' 'threads=' 'memory=' 'version' 'h/help'
        case 'keys'
            __assay_parse_subcommand 0 'preset=' 'listen' 'json' 'version' 'h/help'
        case 'locate'
            __assay_parse_subcommand 1 'version' 'h/help'
        case 'completions'
            __assay_parse_subcommand 1 'version' 'h/help'
        case 'man'
            __assay_parse_subcommand 0 'version' 'h/help'
        case 'help'
            __assay_parse_subcommand -r 1 'version'
        end
    end
end

function __assay_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __assay_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __assay_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __assay_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__assay_tokens -p)
    if test -z "$(__assay_tokens -t)"
        set -l index (count (__assay_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'assay' -f
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" color' -l 'color' -d 'Colours: auto, never, 16, 256 or direct.' -rfka 'auto never 16 256 direct'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" glyphs' -l 'glyphs' -d 'Characters for charts and borders: auto, braille, block or ascii.' -rfka 'auto braille block ascii'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" theme' -l 'theme' -d 'A theme that ships, or one of your own.' -rfka 'assay-dark assay-light okabe deuteranopia tritanopia mono paper ansi16'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" keys' -l 'keys' -d 'Key map: assay, visidata, vim or arrows.' -rfka 'assay visidata vim arrows'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" clipboard' -l 'clipboard' -d 'How to copy: auto, native, osc52 or off.' -rfka 'auto native osc52 off'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" mouse' -l 'mouse' -d 'Take the mouse, or leave it to the terminal.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" no-mouse' -l 'no-mouse' -d 'Take the mouse, or leave it to the terminal.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" bell' -l 'bell' -d 'Ring the bell when a long job has ended.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" no-bell' -l 'no-bell' -d 'Ring the bell when a long job has ended.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'profile' -d 'Count, missing, distinct, minimum, maximum, mean, quantiles and top values of every column.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'freq' -d 'How often each value of a column occurs, with the rate or mean of a target.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'inspect' -d 'One column in depth: quantiles, shape, frequent values, and what it says about a target.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'query' -d 'Run SQL over a source; the table is called data.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'filter' -d 'Choose and order the rows of a source.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'chart' -d 'Draw a histogram, bars, boxes, violins, a scatter plot, lines, or a heatmap of density or correlation.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'insight' -d 'Tell what is in a table: quality, leakage, associations, outliers, drift and more.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'quickmodel' -d 'Train a random forest, to see how well a label can be predicted and by which columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'explain' -d 'Tell what moves a model\'s predictions: exact SHAP values, global and for each row.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'flow' -d 'Show a saved flow, run it, or bring it from and to other programs.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'define' -d 'Explain a statistic, a metric, a chart or a field of a form.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'doctor' -d 'Show versions of the native libraries, what the terminal can do, and how many threads run.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'config' -d 'Show the settings in force and where each comes from, or check the file.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'keys' -d 'Show the keys in force, or what the terminal sends for each key.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'locate' -d 'Print where assay keeps its config, themes, state, log or cache.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'completions' -d 'Print the completions of a shell.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'man' -d 'Print the manual page, for man -l or a folder of $MANPATH.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay profile" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq"' -l 'by' -d 'A further column to count by; may be given several times.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" target' -l 'target' -d 'The column whose rate or mean is shown.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" bins' -l 'bins' -d 'Bins of a column of numbers or dates; 0 counts each value.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay freq" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" target' -l 'target' -d 'The column that it is measured against.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay inspect" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" format' -l 'format' -d 'Format of the rows: csv, json, table or parquet.' -rfka 'csv json table parquet'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" o output' -l 'output' -s 'o' -d 'Write to this file instead; - is standard output. It appears when it is complete.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" json' -l 'json' -d 'The same as --format json.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay query" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" where' -l 'where' -d 'Rows for which it holds.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" matches' -l 'matches' -d 'Rows in which the pattern is found.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" in' -l 'in' -d 'The column that --matches looks at. Default: all.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" invert' -l 'invert' -d 'The rows that are not chosen.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" sort' -l 'sort' -d 'Columns to order by; - before a name is largest first.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" format' -l 'format' -d 'Format of the rows: csv, json, table or parquet.' -rfka 'csv json table parquet'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" o output' -l 'output' -s 'o' -d 'Write to this file instead; - is standard output. It appears when it is complete.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" json' -l 'json' -d 'The same as --format json.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay filter" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" kind' -l 'kind' -d 'histogram, bar, box, violin, scatter, line, density or heatmap.' -rfka 'histogram bar box violin scatter line density heatmap'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart"' -l 'x' -d 'The column to draw, or the horizontal one; several times for a heatmap.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart"' -l 'y' -d 'The vertical column of a scatter plot or a density heatmap; what bars and lines take a figure of.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" by' -l 'by' -d 'A box or a violin for each value of this column.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" color-by' -l 'color-by' -d 'Tell the points, lines, bars or outlines of this column\'s values apart.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" facet-by' -l 'facet-by' -d 'A small chart for each of the 12 most frequent values of this column, on the same axes.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" aggregate' -l 'aggregate' -d 'The figure of --y that bars and lines show: count, sum, mean, median, min or max. Default: mean.' -rfka 'count sum mean median min max'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" bins' -l 'bins' -d 'Bins of a histogram, of a density heatmap each way, or points of a line at most. Default: by the values.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" top' -l 'top' -d 'Bars of a bar chart; the other values are added up. Default: 20.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" log-x' -l 'log-x' -d 'A logarithmic horizontal axis; values that are not positive count as missing.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" log-y' -l 'log-y' -d 'A logarithmic vertical axis; values that are not positive count as missing.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" sample' -l 'sample' -d 'Points of a scatter plot at most, drawn at random. Default: 20000.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" trend' -l 'trend' -d 'A curve through the points of a scatter plot: linear or loess.' -rfka 'linear loess'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" x-range' -l 'x-range' -d 'Show this part of the horizontal axis only: two numbers or dates, such as 20:40 or 2024-01-01:2024-06-30.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" y-range' -l 'y-range' -d 'Show this part of the vertical axis only.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" width' -l 'width' -d 'Width in columns. Default: the terminal\'s, else 80.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" height' -l 'height' -d 'Height in rows. Default: 20, more for many bars.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" glyphs' -l 'glyphs' -d 'Characters to draw with: auto, braille, block or ascii.' -rfka 'auto braille block ascii'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" color' -l 'color' -d 'Colours: auto (on a terminal), never, 16, 256 or direct.' -rfka 'auto never 16 256 direct'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" theme' -l 'theme' -d 'A theme that ships, or one of your own.' -rfka 'assay-dark assay-light okabe deuteranopia tritanopia mono paper ansi16'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" o output' -l 'output' -s 'o' -d 'Write to this file instead; its ending chooses the format: .svg, .png, .pdf, .txt (text), .ansi (with colours), .json or .csv (the numbers behind the chart).' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" pixels' -l 'pixels' -d 'Size of a picture in pixels, such as 1200x800, in place of columns and rows.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" paper' -l 'paper' -d 'Background of a picture: light or dark.' -rfka 'light dark'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" json' -l 'json' -d 'Print the numbers behind the chart as JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay chart" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay insight" -eq 1' -fka 'quality leakage associations collinearity lasso duplicates missingness outliers anomalies patterns drift comparison series'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" target' -l 'target' -d 'The label of quality, leakage and lasso.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight"' -l 'columns' -d 'A column to look at, again and again; default: all that suit.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" column' -l 'column' -d 'The texts of patterns, or the values of a series.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" time' -l 'time' -d 'The dates or times of a series.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" baseline' -l 'baseline' -d 'The file that drift and comparison compare with.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" method' -l 'method' -d 'associations: linear or non-linear; outliers: robust-deviation, standard-deviation or quartile-range; of a label: classification or regression.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" threshold' -l 'threshold' -d 'Deviations beyond which a value is an outlier or a moment stands out, or the penalty of lasso.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" period' -l 'period' -d 'Values in a season of a series. Default: found from the series.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" seed' -l 'seed' -d 'Seeds samples and forests.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" o output' -l 'output' -s 'o' -d 'Write to this file instead; its ending chooses the format.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" charts' -l 'charts' -d 'Draw the charts below the text.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" width' -l 'width' -d 'Width in columns. Default: the terminal\'s, else 80.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" height' -l 'height' -d 'Height in rows. Default: 20, more for many bars.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" glyphs' -l 'glyphs' -d 'Characters to draw with: auto, braille, block or ascii.' -rfka 'auto braille block ascii'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" color' -l 'color' -d 'Colours: auto (on a terminal), never, 16, 256 or direct.' -rfka 'auto never 16 256 direct'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" theme' -l 'theme' -d 'A theme that ships, or one of your own.' -rfka 'assay-dark assay-light okabe deuteranopia tritanopia mono paper ansi16'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay insight" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" target' -l 'target' -d 'The column to predict.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" seed' -l 'seed' -d 'Seeds the split and the forest.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" problem' -l 'problem' -d 'What to take the label for: automatic, classification or regression.' -rfka 'automatic classification regression'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" trees' -l 'trees' -d 'Trees in the forest. Default: 60.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" depth' -l 'depth' -d 'Levels of splits in a tree. Default: 16.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay quickmodel" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" input-format' -l 'input-format' -d 'The source\'s format: csv, tsv, json, jsonl or parquet. Default: from name and content.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" delimiter' -l 'delimiter' -d 'What stands between two fields, such as \';\' or tab. Default: found out.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" no-header' -l 'no-header' -d 'The first line is data, not names of columns.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" skip-bad-rows' -l 'skip-bad-rows' -d 'Leave out rows of the wrong length instead of stopping at the first.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" method' -l 'method' -d 'tree, or exact: by every subset of up to 16 features, slow.' -rfka 'tree exact'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" background' -l 'background' -d 'Rows whose values hidden features take: a file, or how many rows of SOURCE to draw.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" rows' -l 'rows' -d 'Explain this many rows, drawn at random. Default: all.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" interactions' -l 'interactions' -d 'Also tell which pairs of features work together.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" aggregate' -l 'aggregate' -d 'How the rows\' values become one of a feature: mean_abs, mean_sq or median.' -rfka 'mean_abs mean_sq median'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" output' -l 'output' -d 'What is explained: margin, probability or log-loss; the last two need a background.' -rfka 'margin probability log-loss'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" label' -l 'label' -d 'The column of labels for --output log-loss.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" seed' -l 'seed' -d 'Seeds the rows drawn.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" file o' -s 'o' -l 'file' -d 'Write to this file: the values of each row (.parquet, .csv, .json), or a chart (.svg, .png, .pdf, .txt).' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" chart' -l 'chart' -d 'The chart: bars, or swarm: a dot for each row.' -rfka 'bars swarm'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" width' -l 'width' -d 'Width in columns. Default: the terminal\'s, else 80.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" height' -l 'height' -d 'Height in rows. Default: 20, more for many bars.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" glyphs' -l 'glyphs' -d 'Characters to draw with: auto, braille, block or ascii.' -rfka 'auto braille block ascii'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" color' -l 'color' -d 'Colours: auto (on a terminal), never, 16, 256 or direct.' -rfka 'auto never 16 256 direct'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" theme' -l 'theme' -d 'A theme that ships, or one of your own.' -rfka 'assay-dark assay-light okabe deuteranopia tritanopia mono paper ansi16'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay explain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay flow" -eq 1' -fa 'show' -d 'Show the steps of a flow, and its analyses with their saved results.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay flow" -eq 1' -fa 'run' -d 'Run a flow: write the rows of a step, or compute its analyses.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay flow" -eq 1' -fa 'import' -d 'Turn a flow of SageMaker Data Wrangler into one of assay.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay flow" -eq 1' -fa 'export' -d 'Write a flow for another program: SageMaker Data Wrangler, or SQL.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow show" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow show" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" o output' -l 'output' -s 'o' -d 'Where the rows go, or the flow with its results.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" format' -l 'format' -d 'Format of the rows: csv, json, table or parquet.' -rfka 'csv json table parquet'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" node' -l 'node' -d 'The step whose rows are wanted: its id or name. Default: the last one.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run"' -l 'input' -d 'Read another file instead of a source, named by id, step name or file name; several times for several.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow import" o output' -l 'output' -s 'o' -d 'Where the flow goes.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow import" json' -l 'json' -d 'Print the number of steps and analyses, and the notes, as JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow import" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" format' -l 'format' -d 'What is written: datawrangler or sql.' -rfka 'datawrangler sql'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" dialect' -l 'dialect' -d 'The SQL: duckdb, spark or trino.' -rfka 'duckdb spark trino'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" node' -l 'node' -d 'The step whose rows a script gives: its id or name. Default: the last one.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" o output' -l 'output' -s 'o' -d 'Where it goes. Default: printed.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export"' -l 'input' -d 'Read another file instead of a source, named by id, step name or file name; several times for several.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" json' -l 'json' -d 'Print the number of steps and analyses, and the notes, as JSON; needs -o.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay flow export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay define" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay define" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay define" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay doctor" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay doctor" set-glyphs' -l 'set-glyphs' -d 'Write the glyph set that the ruler shows to be whole into config.toml: auto, braille, block or ascii.' -rfka 'auto braille block ascii'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay doctor" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay config" -eq 1' -fka 'check'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" print-default' -l 'print-default' -d 'Print a config.toml with every setting, its default and what it does.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" color' -l 'color' -d 'Colours: auto, never, 16, 256 or direct.' -rfka 'auto never 16 256 direct'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" glyphs' -l 'glyphs' -d 'Characters for charts and borders: auto, braille, block or ascii.' -rfka 'auto braille block ascii'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" theme' -l 'theme' -d 'A theme that ships, or one of your own.' -rfka 'assay-dark assay-light okabe deuteranopia tritanopia mono paper ansi16'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" keys' -l 'keys' -d 'Key map: assay, visidata, vim or arrows.' -rfka 'assay visidata vim arrows'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" clipboard' -l 'clipboard' -d 'How to copy: auto, native, osc52 or off.' -rfka 'auto native osc52 off'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" mouse' -l 'mouse' -d 'Take the mouse, or leave it to the terminal.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" no-mouse' -l 'no-mouse' -d 'Take the mouse, or leave it to the terminal.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" bell' -l 'bell' -d 'Ring the bell when a long job has ended.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" no-bell' -l 'no-bell' -d 'Ring the bell when a long job has ended.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" threads' -l 'threads' -d 'Threads for queries and training. Default: one for each processor.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" memory' -l 'memory' -d 'Memory before work spills to disk, such as 512M or 2G. Default: 1G.' -rfka ''
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay keys" preset' -l 'preset' -d 'Show this key map instead of the one of the settings: assay, visidata, vim or arrows.' -rfka 'assay visidata vim arrows'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay keys" listen' -l 'listen' -d 'Show what the terminal sends for each key that is pressed, and what it does; q or ^C ends.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay keys" json' -l 'json' -d 'Print JSON.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay keys" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay keys" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay locate" -eq 1' -fka 'config themes state log cache'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay locate" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay locate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_positional "assay completions" -eq 1' -fka 'bash zsh fish'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay completions" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay completions" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay man" version' -l 'version' -d 'Show the version.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay man" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'assay' -n '__assay_should_offer_completions_for_flags_or_options "assay help" version' -l 'version' -d 'Show the version.'
