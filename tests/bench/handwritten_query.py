"""The twenty metrics of `lanxian-2022` as one query by hand: what the compiled one is measured by.

Written as a practised engineer would: dates are dates, rows that cannot count are left out early,
every fact is named once. It answers the columns of `compiler.terms_query`, unit by unit.
"""

# Per project its dates (A[k], P[k]), its figures of the year, and what follows from them; then per
# unit the sums over its projects, and beside them the funds won, which may have no project.
TERMS = """
WITH dates AS (
    SELECT project_id,
        max(actual_on) FILTER (kind = 'signed' AND actual_on <= $day) AS signed_on,
        max(actual_on) FILTER (kind = 'initiated' AND actual_on <= $day) AS initiated_on,
        max(actual_on) FILTER (kind = 'landed' AND actual_on <= $day) AS landed_on,
        max(actual_on) FILTER (kind = 'started' AND actual_on <= $day) AS started_on,
        max(actual_on) FILTER (kind = 'resumed' AND actual_on <= $day) AS resumed_on,
        max(actual_on) FILTER (kind = 'pooled' AND actual_on <= $day) AS pooled_on,
        max(actual_on) FILTER (kind = 'completed' AND actual_on <= $day) AS completed_on,
        max(actual_on) FILTER (kind = 'in_production' AND actual_on <= $day) AS in_production_on,
        max(actual_on) FILTER (kind = 'terminated' AND actual_on <= $day) AS terminated_on,
        arg_max(planned_on, coalesce(decided_on, DATE '0001-01-01')) FILTER (
            kind = 'in_production' AND planned_on IS NOT NULL
            AND (decided_on IS NULL OR decided_on <= $day)
        ) AS production_planned_on,
        bool_or(actual_on <= $day
            OR planned_on <= $year_end AND (decided_on IS NULL OR decided_on <= $day)
        ) FILTER (kind = 'resumed') AS to_resume
    FROM milestones
    GROUP BY project_id
),
reports AS (
    SELECT project_id, arg_max(invested_ytd_yuan, as_of) AS ytd
    FROM progress
    WHERE as_of BETWEEN $year_start AND $day AND invested_ytd_yuan IS NOT NULL
    GROUP BY project_id
),
approvals AS (
    SELECT project_id, count(*) AS needed, count(*) FILTER (granted_on <= $day) AS granted
    FROM permits
    WHERE needed
    GROUP BY project_id
),
arrivals AS (
    SELECT project_id, sum(amount_yuan) AS arrived
    FROM funds
    WHERE source = 'attracted' AND event = 'arrived' AND "on" <= $day
    GROUP BY project_id
),
live AS (
    SELECT projects.project_id, unit_id, nature = 'new' AS is_new,
        nature IN ('new', 'continuing') AS in_campaign,
        total_investment_yuan AS total, total >= 5_000_000 AS large,
        coalesce(is_industrial, FALSE) AS industrial, is_attracted AS attracted, contract_yuan,
        len(key_levels) > 0 AS listed, planned_yuan AS plan, coalesce(ytd, 0) AS ytd,
        coalesce(needed, 0) AS needed, coalesce(granted, 0) AS granted,
        coalesce(arrived, 0) AS arrived, dates.* EXCLUDE (project_id),
        CASE nature
            WHEN 'new' THEN started_on IS NOT NULL
            WHEN 'continuing'
                THEN to_resume IS NOT TRUE OR coalesce(resumed_on >= $year_start, FALSE)
            ELSE FALSE
        END AS working,
        in_production_on >= $year_start
            OR in_production_on IS NULL AND production_planned_on <= $year_end AS producible
    FROM projects
    LEFT JOIN dates USING (project_id)
    LEFT JOIN plans ON plans.project_id = projects.project_id AND plans.year = $this_year
    LEFT JOIN reports ON reports.project_id = projects.project_id
    LEFT JOIN approvals ON approvals.project_id = projects.project_id
    LEFT JOIN arrivals ON arrivals.project_id = projects.project_id
    WHERE terminated_on IS NULL
),
of_projects AS (
    SELECT unit_id, count(*) AS projects,
        count(*) FILTER (in_campaign AND working) AS start_n,
        count(*) FILTER (in_campaign) AS start_d,
        count(*) FILTER (working AND completed_on IS NULL AND large AND pooled_on IS NOT NULL)
            AS pooling_n,
        count(*) FILTER (working AND completed_on IS NULL AND large) AS pooling_d,
        sum(ytd) FILTER (in_campaign AND plan IS NOT NULL) AS completion_n,
        sum(plan) FILTER (in_campaign) AS completion_d,
        count(*) FILTER (producible AND in_production_on IS NOT NULL) AS production_n,
        count(*) FILTER (producible) AS production_d,
        count(*) FILTER (listed) AS listed_projects,
        sum(total) FILTER (listed) AS listed_total,
        sum(total) FILTER (industrial AND total >= 1_0000_0000) AS industrial_1yi,
        sum(total) FILTER (industrial AND total >= 5_0000_0000) AS industrial_5yi,
        sum(total) FILTER (industrial AND total >= 10_0000_0000) AS industrial_10yi,
        sum(total) FILTER (industrial AND total >= 100_0000_0000) AS industrial_100yi,
        sum(total) FILTER (industrial) AS industrial_total,
        sum(ytd) FILTER (pooled_on IS NOT NULL AND industrial) AS pooled_industrial_ytd,
        sum(ytd) FILTER (pooled_on IS NOT NULL) AS pooled_ytd,
        sum(arrived) FILTER (attracted AND signed_on IS NOT NULL AND contract_yuan IS NOT NULL)
            AS arrival_n,
        sum(contract_yuan) FILTER (attracted AND signed_on IS NOT NULL) AS arrival_d,
        sum(ytd) FILTER (is_new AND started_on >= $year_start AND plan IS NOT NULL)
            AS new_start_n,
        sum(plan) FILTER (is_new AND started_on >= $year_start) AS new_start_d,
        count(*) FILTER (signed_on >= $year_start AND started_on >= $year_start) AS same_year_n,
        count(*) FILTER (signed_on >= $year_start) AS signed_this_year,
        count(*) FILTER (signed_on >= $year_start AND landed_on IS NOT NULL) AS landing_n,
        sum(granted) FILTER (is_new) AS permit_n,
        sum(needed) FILTER (is_new) AS permit_d,
        sum(in_production_on - initiated_on) FILTER (in_production_on >= $year_start) AS days_n,
        count(*) FILTER (in_production_on >= $year_start AND initiated_on IS NOT NULL) AS days_d
    FROM live
    GROUP BY unit_id
),
won AS (
    SELECT coalesce(funds.unit_id, live.unit_id) AS unit_id,
        sum(amount_yuan) FILTER (source = 'central_budget') AS central_budget,
        sum(amount_yuan) FILTER (source = 'policy_instrument') AS policy_instruments
    FROM funds LEFT JOIN live USING (project_id)
    WHERE source IN ('central_budget', 'policy_instrument') AND event = 'approved'
        AND "on" BETWEEN $year_start AND $day
        AND (project_id IS NULL OR live.project_id IS NOT NULL)
    GROUP BY 1
)
SELECT unit_id, projects,
    start_n AS "start_rate n", start_d AS "start_rate d",
    pooling_n AS "pooling_rate n", pooling_d AS "pooling_rate d",
    completion_n AS "investment_completion n", completion_d AS "investment_completion d",
    production_n AS "production_rate n", production_d AS "production_rate d",
    listed_projects AS "major_projects n",
    central_budget AS "central_budget_won n",
    policy_instruments AS "policy_instruments_won n",
    listed_total AS "listed_investment n",
    industrial_1yi AS "industrial_share_1yi n", industrial_total AS "industrial_share_1yi d",
    industrial_5yi AS "industrial_share_5yi n", industrial_total AS "industrial_share_5yi d",
    industrial_10yi AS "industrial_share_10yi n", industrial_total AS "industrial_share_10yi d",
    industrial_100yi AS "industrial_share_100yi n", industrial_total AS "industrial_share_100yi d",
    pooled_industrial_ytd AS "industrial_investment_share n",
    pooled_ytd AS "industrial_investment_share d",
    pooled_ytd AS "investment_contribution n", pooled_ytd AS "investment_contribution d",
    arrival_n AS "fund_arrival n", arrival_d AS "fund_arrival d",
    new_start_n AS "new_start_completion n", new_start_d AS "new_start_completion d",
    same_year_n AS "same_year_start n", signed_this_year AS "same_year_start d",
    landing_n AS "landing_rate n", signed_this_year AS "landing_rate d",
    permit_n AS "permit_efficiency n", permit_d AS "permit_efficiency d",
    days_n AS "approval_to_production_days n", days_d AS "approval_to_production_days d"
FROM units LEFT JOIN of_projects USING (unit_id) LEFT JOIN won USING (unit_id)
ORDER BY unit_id
"""
