#!/bin/bash

__assay_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__assay_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__assay_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__assay_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_assay() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--mouse --no-mouse --bell --no-bell --version -h --help)
    local -a repeating_options=(--also)
    local -a non_repeating_options=(--color --glyphs --theme --keys --clipboard --threads --memory)
    __assay_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--color')
        __assay_add_completions -W 'auto'$'\n''never'$'\n''16'$'\n''256'$'\n''direct'
        return
        ;;
    '--glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    '--theme')
        __assay_add_completions -W 'assay-dark'$'\n''assay-light'$'\n''okabe'$'\n''deuteranopia'$'\n''tritanopia'$'\n''mono'$'\n''paper'$'\n''ansi16'
        return
        ;;
    '--keys')
        __assay_add_completions -W 'assay'$'\n''visidata'$'\n''vim'$'\n''arrows'
        return
        ;;
    '--clipboard')
        __assay_add_completions -W 'auto'$'\n''native'$'\n''osc52'$'\n''off'
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    profile|freq|inspect|query|filter|sheets|chart|insight|quickmodel|automl|predict|worker|serve|model|bias|explain|embed|flow|run|define|s3|glue|athena|spark|bring|doctor|config|keys|locate|completions|man|help)
        # Offer subcommand argument completions
        "_assay_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'profile freq inspect query filter sheets chart insight quickmodel automl predict worker serve model bias explain embed flow run define s3 glue athena spark bring doctor config keys locate completions man help' -- "${cur}"))
        ;;
    esac
}

_assay_profile() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_freq() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also --by)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --target --bins)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--by')
        return
        ;;
    '--target')
        return
        ;;
    '--bins')
        return
        ;;
    esac
}

_assay_inspect() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --target)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--target')
        return
        ;;
    esac
}

_assay_query() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --format --output -o)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_filter() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --invert --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --where --matches --in --sort --format --output -o)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--where')
        return
        ;;
    '--matches')
        return
        ;;
    '--in')
        return
        ;;
    '--sort')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_sheets() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 1
}

_assay_chart() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --log-x --log-y --json --version -h --help)
    repeating_options=(--also --x --y)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --kind --by --color-by --facet-by --aggregate --bins --top --sample --trend --x-range --y-range --width --height --glyphs --color --theme --output -o --pixels --paper)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--kind')
        __assay_add_completions -W 'histogram'$'\n''bar'$'\n''box'$'\n''violin'$'\n''scatter'$'\n''line'$'\n''density'$'\n''heatmap'
        return
        ;;
    '--x')
        return
        ;;
    '--y')
        return
        ;;
    '--by')
        return
        ;;
    '--color-by')
        return
        ;;
    '--facet-by')
        return
        ;;
    '--aggregate')
        __assay_add_completions -W 'count'$'\n''sum'$'\n''mean'$'\n''median'$'\n''min'$'\n''max'
        return
        ;;
    '--bins')
        return
        ;;
    '--top')
        return
        ;;
    '--sample')
        return
        ;;
    '--trend')
        __assay_add_completions -W 'linear'$'\n''loess'
        return
        ;;
    '--x-range')
        return
        ;;
    '--y-range')
        return
        ;;
    '--width')
        return
        ;;
    '--height')
        return
        ;;
    '--glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    '--color')
        __assay_add_completions -W 'auto'$'\n''never'$'\n''16'$'\n''256'$'\n''direct'
        return
        ;;
    '--theme')
        __assay_add_completions -W 'assay-dark'$'\n''assay-light'$'\n''okabe'$'\n''deuteranopia'$'\n''tritanopia'$'\n''mono'$'\n''paper'$'\n''ansi16'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    '--pixels')
        return
        ;;
    '--paper')
        __assay_add_completions -W 'light'$'\n''dark'
        return
        ;;
    esac
}

_assay_insight() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --charts --json --version -h --help)
    repeating_options=(--also --columns)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --target --column --time --baseline --method --threshold --period --seed --output -o --width --height --glyphs --color --theme)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--target')
        return
        ;;
    '--columns')
        return
        ;;
    '--column')
        return
        ;;
    '--time')
        return
        ;;
    '--baseline')
        return
        ;;
    '--method')
        return
        ;;
    '--threshold')
        return
        ;;
    '--period')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        return
        ;;
    '--width')
        return
        ;;
    '--height')
        return
        ;;
    '--glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    '--color')
        __assay_add_completions -W 'auto'$'\n''never'$'\n''16'$'\n''256'$'\n''direct'
        return
        ;;
    '--theme')
        __assay_add_completions -W 'assay-dark'$'\n''assay-light'$'\n''okabe'$'\n''deuteranopia'$'\n''tritanopia'$'\n''mono'$'\n''paper'$'\n''ansi16'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __assay_add_completions -W 'quality'$'\n''leakage'$'\n''associations'$'\n''collinearity'$'\n''lasso'$'\n''duplicates'$'\n''missingness'$'\n''outliers'$'\n''anomalies'$'\n''patterns'$'\n''drift'$'\n''comparison'$'\n''series'
        return
        ;;
    esac
}

_assay_quickmodel() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --target --seed --problem --trees --depth)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--target')
        return
        ;;
    '--seed')
        return
        ;;
    '--problem')
        __assay_add_completions -W 'automatic'$'\n''classification'$'\n''regression'
        return
        ;;
    '--trees')
        return
        ;;
    '--depth')
        return
        ;;
    esac
}

_assay_automl() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --balanced --definitions-only --explore-only --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --target --test --time-limit --metric --preset --problem --seed --max-candidates --mode --validation --weight --group --time --encoder --texts --workers --candidates --output -o)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--target')
        return
        ;;
    '--test')
        return
        ;;
    '--time-limit')
        return
        ;;
    '--metric')
        __assay_add_completions -W 'mse'$'\n''rmse'$'\n''mae'$'\n''r2'$'\n''f1'$'\n''accuracy'$'\n''auc'$'\n''balanced_accuracy'$'\n''precision'$'\n''recall'$'\n''f1_macro'$'\n''precision_macro'$'\n''recall_macro'$'\n''log_loss'
        return
        ;;
    '--preset')
        __assay_add_completions -W 'quick'$'\n''balanced'$'\n''best'
        return
        ;;
    '--problem')
        __assay_add_completions -W 'automatic'$'\n''classification'$'\n''regression'
        return
        ;;
    '--seed')
        return
        ;;
    '--max-candidates')
        return
        ;;
    '--mode')
        __assay_add_completions -W 'auto'$'\n''ensembling'$'\n''tuning'
        return
        ;;
    '--validation')
        return
        ;;
    '--weight')
        return
        ;;
    '--group')
        return
        ;;
    '--time')
        return
        ;;
    '--encoder')
        return
        ;;
    '--texts')
        __assay_add_completions -W 'terms'$'\n''vectors'$'\n''encoder'
        return
        ;;
    '--workers')
        return
        ;;
    '--candidates')
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_predict() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --proba --keep-columns --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --format --output -o)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_worker() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--listen)
    __assay_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--listen')
        return
        ;;
    esac
}

_assay_serve() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--port --host --token-file --fields --max-body --threads --log)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--port')
        return
        ;;
    '--host')
        return
        ;;
    '--token-file')
        return
        ;;
    '--fields')
        return
        ;;
    '--max-body')
        return
        ;;
    '--threads')
        return
        ;;
    '--log')
        return
        ;;
    esac
}

_assay_model() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|card|container)
        # Offer subcommand argument completions
        "_assay_model_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show card container' -- "${cur}"))
        ;;
    esac
}

_assay_model_show() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 1
}

_assay_model_card() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_model_container() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_bias() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --intersections --charts --json --version -h --help)
    repeating_options=(--also --facet --facet-kind --without --segment --intersection --feature --limit --try --fail-on --input -D)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --label --positive --label-threshold --predicted --score --scores --score-labels --score-threshold --model --folds --group --metrics --missing --compat --correction --confidence --draws --seed --small-group --smoothing --study --trade --drift --config --node --output -o --width --height --glyphs --color --theme)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--label')
        return
        ;;
    '--positive')
        return
        ;;
    '--label-threshold')
        return
        ;;
    '--facet')
        return
        ;;
    '--facet-kind')
        return
        ;;
    '--predicted')
        return
        ;;
    '--score')
        return
        ;;
    '--scores')
        return
        ;;
    '--score-labels')
        return
        ;;
    '--score-threshold')
        return
        ;;
    '--model')
        __assay_add_completions -W 'quick'$'\n''boosted'
        return
        ;;
    '--without')
        return
        ;;
    '--folds')
        return
        ;;
    '--group')
        return
        ;;
    '--segment')
        return
        ;;
    '--intersection')
        return
        ;;
    '--feature')
        return
        ;;
    '--metrics')
        return
        ;;
    '--missing')
        __assay_add_completions -W 'drop'$'\n''own-value'$'\n''as-library'
        return
        ;;
    '--compat')
        __assay_add_completions -W 'smclarify'
        return
        ;;
    '--limit')
        return
        ;;
    '--correction')
        __assay_add_completions -W 'none'$'\n''holm'$'\n''benjamini-hochberg'
        return
        ;;
    '--confidence')
        return
        ;;
    '--draws')
        return
        ;;
    '--seed')
        return
        ;;
    '--small-group')
        return
        ;;
    '--smoothing')
        return
        ;;
    '--study')
        __assay_add_completions -W 'report'$'\n''simpson'$'\n''thresholds'$'\n''mending'
        return
        ;;
    '--try')
        return
        ;;
    '--trade')
        return
        ;;
    '--drift')
        return
        ;;
    '--fail-on')
        return
        ;;
    '--config')
        return
        ;;
    '--node')
        return
        ;;
    '--input')
        return
        ;;
    '-D')
        return
        ;;
    '--output'|'-o')
        return
        ;;
    '--width')
        return
        ;;
    '--height')
        return
        ;;
    '--glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    '--color')
        __assay_add_completions -W 'auto'$'\n''never'$'\n''16'$'\n''256'$'\n''direct'
        return
        ;;
    '--theme')
        __assay_add_completions -W 'assay-dark'$'\n''assay-light'$'\n''okabe'$'\n''deuteranopia'$'\n''tritanopia'$'\n''mono'$'\n''paper'$'\n''ansi16'
        return
        ;;
    esac
}

_assay_explain() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --interactions --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --method --background --clusters --samples --link --rows --aggregate --scale --label --effects --group --shuffle --flip --text --granularity --replacement --steps --direction --row --against --seed --output -o --chart --width --height --glyphs --color --theme)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--method')
        __assay_add_completions -W 'tree'$'\n''exact'$'\n''kernel'$'\n''permutation'$'\n''sampling'$'\n''linear'
        return
        ;;
    '--background')
        return
        ;;
    '--clusters')
        return
        ;;
    '--samples')
        return
        ;;
    '--link')
        __assay_add_completions -W 'identity'$'\n''logit'
        return
        ;;
    '--rows')
        return
        ;;
    '--aggregate')
        __assay_add_completions -W 'mean_abs'$'\n''mean_sq'$'\n''median'
        return
        ;;
    '--scale')
        __assay_add_completions -W 'margin'$'\n''probability'$'\n''log-loss'
        return
        ;;
    '--label')
        return
        ;;
    '--effects')
        return
        ;;
    '--group')
        return
        ;;
    '--shuffle')
        return
        ;;
    '--flip')
        return
        ;;
    '--text')
        return
        ;;
    '--granularity')
        return
        ;;
    '--replacement')
        return
        ;;
    '--steps')
        return
        ;;
    '--direction')
        __assay_add_completions -W 'chronological'$'\n''anti_chronological'$'\n''bidirectional'
        return
        ;;
    '--row')
        return
        ;;
    '--against')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        return
        ;;
    '--chart')
        __assay_add_completions -W 'bars'$'\n''swarm'$'\n''heatmap'$'\n''force'$'\n''decision'$'\n''waterfall'$'\n''interactions'$'\n''shuffle'$'\n''group'$'\n''effects'
        return
        ;;
    '--width')
        return
        ;;
    '--height')
        return
        ;;
    '--glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    '--color')
        __assay_add_completions -W 'auto'$'\n''never'$'\n''16'$'\n''256'$'\n''direct'
        return
        ;;
    '--theme')
        __assay_add_completions -W 'assay-dark'$'\n''assay-light'$'\n''okabe'$'\n''deuteranopia'$'\n''tritanopia'$'\n''mono'$'\n''paper'$'\n''ansi16'
        return
        ;;
    esac
}

_assay_embed() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    train|neighbors|analogy|similarity|odd|evaluate|weat|map|classify|encode|search|score|complete|convert)
        # Offer subcommand argument completions
        "_assay_embed_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'train neighbors analogy similarity odd evaluate weat map classify encode search score complete convert' -- "${cur}"))
        ;;
    esac
}

_assay_embed_train() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --subwords --early-stopping --early_stopping --binary --json --version -h --help)
    repeating_options=(--also --similarity)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --text --mode --output -o --label --tokenizer --vector-dim --vector_dim --dim --window-size --window_size --ws --epochs --epoch --learning-rate --learning_rate --lr --negative-samples --negative_samples --neg --sampling-threshold --sampling_threshold -t --min-count --min_count --minCount --batch-size --batch_size --min-char --min_char --minn --max-char --max_char --maxn --buckets --bucket --word-ngrams --word_ngrams --wordNgrams --loss --label-prefix --validation --autotune --patience --min-epochs --min_epochs --x-max --x_max --seed)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--text')
        return
        ;;
    '--mode')
        __assay_add_completions -W 'skipgram'$'\n''cbow'$'\n''batch_skipgram'$'\n''fasttext'$'\n''glove'$'\n''supervised'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    '--label')
        return
        ;;
    '--tokenizer')
        __assay_add_completions -W 'whitespace'$'\n''words'$'\n''lowercase'
        return
        ;;
    '--vector-dim'|'--vector_dim'|'--dim')
        return
        ;;
    '--window-size'|'--window_size'|'--ws')
        return
        ;;
    '--epochs'|'--epoch')
        return
        ;;
    '--learning-rate'|'--learning_rate'|'--lr')
        return
        ;;
    '--negative-samples'|'--negative_samples'|'--neg')
        return
        ;;
    '--sampling-threshold'|'--sampling_threshold'|'-t')
        return
        ;;
    '--min-count'|'--min_count'|'--minCount')
        return
        ;;
    '--batch-size'|'--batch_size')
        return
        ;;
    '--min-char'|'--min_char'|'--minn')
        return
        ;;
    '--max-char'|'--max_char'|'--maxn')
        return
        ;;
    '--buckets'|'--bucket')
        return
        ;;
    '--word-ngrams'|'--word_ngrams'|'--wordNgrams')
        return
        ;;
    '--loss')
        __assay_add_completions -W 'softmax'$'\n''hs'$'\n''ns'$'\n''ova'
        return
        ;;
    '--label-prefix')
        return
        ;;
    '--validation')
        return
        ;;
    '--autotune')
        return
        ;;
    '--patience')
        return
        ;;
    '--min-epochs'|'--min_epochs')
        return
        ;;
    '--x-max'|'--x_max')
        return
        ;;
    '--similarity')
        return
        ;;
    '--seed')
        return
        ;;
    esac
}

_assay_embed_neighbors() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--beside)
    non_repeating_options=(-k --count --threads --memory)
    __assay_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--beside')
        return
        ;;
    '-k'|'--count')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_analogy() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(-k --count --threads --memory)
    __assay_offer_flags_options 4

    # Offer option value completions
    case "${prev}" in
    '-k'|'--count')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_similarity() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--threads --memory)
    __assay_offer_flags_options 3

    # Offer option value completions
    case "${prev}" in
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_odd() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--threads --memory)
    __assay_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_evaluate() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--similarity --analogies)
    non_repeating_options=(--limit --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--similarity')
        return
        ;;
    '--analogies')
        return
        ;;
    '--limit')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_weat() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--first --second --attributes --opposites --seed --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--first')
        return
        ;;
    '--second')
        return
        ;;
    '--attributes')
        return
        ;;
    '--opposites')
        return
        ;;
    '--seed')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_map() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--highlight)
    non_repeating_options=(--method -n --words --perplexity --rounds --seed --format --width --height --glyphs --color --theme --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--method')
        __assay_add_completions -W 'pca'$'\n''tsne'
        return
        ;;
    '-n'|'--words')
        return
        ;;
    '--perplexity')
        return
        ;;
    '--rounds')
        return
        ;;
    '--seed')
        return
        ;;
    '--highlight')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--width')
        return
        ;;
    '--height')
        return
        ;;
    '--glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    '--color')
        __assay_add_completions -W 'auto'$'\n''never'$'\n''16'$'\n''256'$'\n''direct'
        return
        ;;
    '--theme')
        __assay_add_completions -W 'assay-dark'$'\n''assay-light'$'\n''okabe'$'\n''deuteranopia'$'\n''tritanopia'$'\n''mono'$'\n''paper'$'\n''ansi16'
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_classify() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --text -k --count --threshold --tokenizer --format --output -o)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--text')
        return
        ;;
    '-k'|'--count')
        return
        ;;
    '--threshold')
        return
        ;;
    '--tokenizer')
        __assay_add_completions -W 'whitespace'$'\n''words'$'\n''lowercase'
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_embed_encode() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --keep-columns --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --text --tokenizer --format --output -o)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--text')
        return
        ;;
    '--tokenizer')
        __assay_add_completions -W 'whitespace'$'\n''words'$'\n''lowercase'
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_embed_search() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --exact --approximate --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --text -k --count --tokenizer)
    __assay_offer_flags_options 3

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--text')
        return
        ;;
    '-k'|'--count')
        return
        ;;
    '--tokenizer')
        __assay_add_completions -W 'whitespace'$'\n''words'$'\n''lowercase'
        return
        ;;
    esac
}

_assay_embed_score() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --text --format --output -o)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--text')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_embed_complete() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(-n --count --temperature --top-k --seed --threads --memory)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '-n'|'--count')
        return
        ;;
    '--temperature')
        return
        ;;
    '--top-k')
        return
        ;;
    '--seed')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_embed_convert() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_flow() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|run|lineage|import|export)
        # Offer subcommand argument completions
        "_assay_flow_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show run lineage import export' -- "${cur}"))
        ;;
    esac
}

_assay_flow_show() {
    repeating_flags=()
    non_repeating_flags=(--fitted --json --version -h --help)
    repeating_options=(--input -D)
    non_repeating_options=(--step --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--step')
        return
        ;;
    '--input')
        return
        ;;
    '-D')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_flow_run() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--input -D)
    non_repeating_options=(--output -o --format --node --on --into --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--node')
        return
        ;;
    '--on')
        return
        ;;
    '--into')
        return
        ;;
    '--input')
        return
        ;;
    '-D')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_flow_lineage() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--input -D)
    non_repeating_options=(--node --threads --memory)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--node')
        return
        ;;
    '--input')
        return
        ;;
    '-D')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_flow_import() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_flow_export() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--input -D)
    non_repeating_options=(--format --dialect --node --output -o --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--format')
        __assay_add_completions -W 'datawrangler'$'\n''sql'$'\n''assay'
        return
        ;;
    '--dialect')
        __assay_add_completions -W 'duckdb'$'\n''spark'$'\n''trino'
        return
        ;;
    '--node')
        return
        ;;
    '--output'|'-o')
        return
        ;;
    '--input')
        return
        ;;
    '-D')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_run() {
    repeating_flags=()
    non_repeating_flags=(--write --check --json --version -h --help)
    repeating_options=(--input -D)
    non_repeating_options=(--output -o --format --node --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--node')
        return
        ;;
    '--input')
        return
        ;;
    '-D')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_define() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options -1
}

_assay_s3() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    ls|cp|rm|write)
        # Offer subcommand argument completions
        "_assay_s3_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'ls cp rm write' -- "${cur}"))
        ;;
    esac
}

_assay_s3_ls() {
    repeating_flags=()
    non_repeating_flags=(--recursive -r --json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--suffix --changed-from --changed-until --profile --region)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--suffix')
        return
        ;;
    '--changed-from')
        return
        ;;
    '--changed-until')
        return
        ;;
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_s3_cp() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--suffix --changed-from --changed-until --profile --region)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--suffix')
        return
        ;;
    '--changed-from')
        return
        ;;
    '--changed-until')
        return
        ;;
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_s3_rm() {
    repeating_flags=()
    non_repeating_flags=(--yes -y --dry-run --json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--suffix --changed-from --changed-until --profile --region)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--suffix')
        return
        ;;
    '--changed-from')
        return
        ;;
    '--changed-until')
        return
        ;;
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_s3_write() {
    repeating_flags=()
    non_repeating_flags=(--no-header --skip-bad-rows --json --version -h --help)
    repeating_options=(--also)
    non_repeating_options=(--input-format --delimiter --names --sheet --range --widths --cut --threads --memory --partition-by --mode --format --sql)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--also')
        return
        ;;
    '--input-format')
        return
        ;;
    '--delimiter')
        return
        ;;
    '--names')
        return
        ;;
    '--sheet')
        return
        ;;
    '--range')
        return
        ;;
    '--widths')
        return
        ;;
    '--cut')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--partition-by')
        return
        ;;
    '--mode')
        __assay_add_completions -W 'append'$'\n''overwrite'$'\n''overwrite-partitions'
        return
        ;;
    '--format')
        __assay_add_completions -W 'parquet'$'\n''csv'$'\n''tsv'$'\n''json'$'\n''jsonl'$'\n''xlsx'
        return
        ;;
    '--sql')
        return
        ;;
    esac
}

_assay_glue() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    databases|tables|show|create)
        # Offer subcommand argument completions
        "_assay_glue_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'databases tables show create' -- "${cur}"))
        ;;
    esac
}

_assay_glue_databases() {
    repeating_flags=()
    non_repeating_flags=(--json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --region)
    __assay_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_glue_tables() {
    repeating_flags=()
    non_repeating_flags=(--json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--matching --profile --region)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--matching')
        return
        ;;
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_glue_show() {
    repeating_flags=()
    non_repeating_flags=(--json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --region)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_glue_create() {
    repeating_flags=()
    non_repeating_flags=(--create-database --json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--profile --region)
    __assay_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_athena() {
    repeating_flags=()
    non_repeating_flags=(--json --read-only --version -h --help)
    repeating_options=()
    non_repeating_options=(--database --output-location --workgroup --unload --format --output -o --profile --region)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--database')
        return
        ;;
    '--output-location')
        return
        ;;
    '--workgroup')
        return
        ;;
    '--unload')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    '--profile')
        return
        ;;
    '--region')
        return
        ;;
    esac
}

_assay_spark() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--set)
    non_repeating_options=(--threads --memory --remote --format --output -o)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    '--remote')
        return
        ;;
    '--set')
        return
        ;;
    '--format')
        __assay_add_completions -W 'csv'$'\n''json'$'\n''table'$'\n''parquet'$'\n''xlsx'
        return
        ;;
    '--output'|'-o')
        return
        ;;
    esac
}

_assay_bring() {
    repeating_flags=()
    non_repeating_flags=(--yes --json --version -h --help)
    repeating_options=(--input -D)
    non_repeating_options=(--output -o --sample --seed --node --on --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        return
        ;;
    '--sample')
        return
        ;;
    '--seed')
        return
        ;;
    '--node')
        return
        ;;
    '--on')
        return
        ;;
    '--input')
        return
        ;;
    '-D')
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac
}

_assay_doctor() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--set-glyphs)
    __assay_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--set-glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    esac
}

_assay_config() {
    repeating_flags=()
    non_repeating_flags=(--print-default --json --mouse --no-mouse --bell --no-bell --version -h --help)
    repeating_options=()
    non_repeating_options=(--color --glyphs --theme --keys --clipboard --threads --memory)
    __assay_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __assay_add_completions -W 'auto'$'\n''never'$'\n''16'$'\n''256'$'\n''direct'
        return
        ;;
    '--glyphs')
        __assay_add_completions -W 'auto'$'\n''braille'$'\n''block'$'\n''ascii'
        return
        ;;
    '--theme')
        __assay_add_completions -W 'assay-dark'$'\n''assay-light'$'\n''okabe'$'\n''deuteranopia'$'\n''tritanopia'$'\n''mono'$'\n''paper'$'\n''ansi16'
        return
        ;;
    '--keys')
        __assay_add_completions -W 'assay'$'\n''visidata'$'\n''vim'$'\n''arrows'
        return
        ;;
    '--clipboard')
        __assay_add_completions -W 'auto'$'\n''native'$'\n''osc52'$'\n''off'
        return
        ;;
    '--threads')
        return
        ;;
    '--memory')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __assay_add_completions -W 'check'
        return
        ;;
    esac
}

_assay_keys() {
    repeating_flags=()
    non_repeating_flags=(--listen --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--preset)
    __assay_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--preset')
        __assay_add_completions -W 'assay'$'\n''visidata'$'\n''vim'$'\n''arrows'
        return
        ;;
    esac
}

_assay_locate() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __assay_add_completions -W 'config'$'\n''themes'$'\n''state'$'\n''log'$'\n''sessions'$'\n''cache'
        return
        ;;
    esac
}

_assay_completions() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __assay_add_completions -W 'bash'$'\n''zsh'$'\n''fish'
        return
        ;;
    esac
}

_assay_man() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options 0
}

_assay_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __assay_offer_flags_options -1
}

complete -o filenames -F _assay assay
